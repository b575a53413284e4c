"""Rows for tests. Everything is valid and unique by itself; a test names only what it is about."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from backoffice.editors import editors_group
from backoffice.models import Author, Correction, Section, Story, Tag

PASSWORD = "a-password-for-tests"


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    name = factory.Sequence(lambda n: f"Section {n}")
    slug = factory.Sequence(lambda n: f"section-{n}")
    position = factory.Sequence(lambda n: n % 30_000)


class AuthorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Author

    name = factory.Sequence(lambda n: f"Author {n}")
    slug = factory.Sequence(lambda n: f"author-{n}")
    role = "Lag correspondent"


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"Tag {n}")
    slug = factory.Sequence(lambda n: f"tag-{n}")


class StoryFactory(factory.django.DjangoModelFactory):
    """A published story, an hour old. StoryFactory(tags=[…]) sets its tags."""

    class Meta:
        model = Story
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(status=Story.Status.DRAFT)
        scheduled = factory.Trait(
            status=Story.Status.SCHEDULED,
            published_at=factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(hours=1)),
        )

    headline = factory.Sequence(lambda n: f"Story number {n}")
    slug = factory.Sequence(lambda n: f"story-{n}")
    standfirst = "What happened, in a sentence."
    body = "It happened **yesterday**.\n\nNobody saw it."
    section = factory.SubFactory(SectionFactory)
    author = factory.SubFactory(AuthorFactory)
    status = Story.Status.PUBLISHED
    published_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=1))

    @factory.post_generation
    def tags(self, create, extracted, **kwargs):
        if create and extracted:
            self.tags.set(extracted)


class CorrectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Correction

    story = factory.SubFactory(StoryFactory)
    text = "An earlier version named the wrong replica."


class EditorFactory(factory.django.DjangoModelFactory):
    """Staff, in the group Editors. The password is PASSWORD."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"editor{n}")
    password = PASSWORD
    is_staff = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def editors(self, create, extracted, **kwargs):
        if create:
            self.groups.add(editors_group())


class SuperuserFactory(factory.django.DjangoModelFactory):
    """May do everything. The password is PASSWORD."""

    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"admin{n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_superuser(*args, **kwargs)
