"""Generic relations, multi-table inheritance, many-to-many, and a user model of one's own."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Topic(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self):
        return self.name


class Note(models.Model):
    """A remark on anything."""

    text = models.CharField(max_length=20)
    # No constraint: the tables of apps without migrations are made before those of Django.
    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True, db_constraint=False)
    object_id = models.PositiveBigIntegerField(null=True)
    subject = GenericForeignKey()

    def __str__(self):
        return self.text


class Article(models.Model):
    title = models.CharField(max_length=20, unique=True)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="main_articles")
    topics = models.ManyToManyField(Topic, related_name="articles")
    notes = GenericRelation(Note, related_query_name="article")

    def __str__(self):
        return self.title


class Review(Article):
    """Multi-table inheritance: a row in each of two tables."""

    verdict = models.CharField(max_length=20)


class Person(models.Model):
    name = models.CharField(max_length=20)

    def __str__(self):
        return self.name


class Member(AbstractBaseUser, Person):
    """A user model that inherits from another table."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    objects = BaseUserManager()
    USERNAME_FIELD = "email"
