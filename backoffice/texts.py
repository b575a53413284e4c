"""The text fields of the newspaper's tables. They keep out what XML cannot hold, whoever writes: a form, an import
or a script. An editor who pastes from a PDF brings such characters along without seeing them.
"""

import re

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models

# All but the "Char" of XML 1.0: https://www.w3.org/TR/xml/#charsets. DEL is a Char, and still nobody's text.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text):
    """Return `text` without control characters, noncharacters and lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def tidy(text):
    """Return `text` printable and with \\n at its lines' ends.

    Browsers send \\r\\n; imported stories have \\n. With both, saving an untouched story would change it.
    """
    return printable(text.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(text, str) else text


class _FormText(forms.CharField):
    def to_python(self, value):
        return tidy(super().to_python(value))

    def widget_attrs(self, widget):
        """Without maxlength in a textarea: a browser cuts what is pasted there, and does not say so."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.Textarea):
            attrs.pop("maxlength", None)
        return attrs


class _Printable:
    form_class = _FormText

    def to_python(self, value):
        return tidy(super().to_python(value))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": self.form_class, **kwargs})


class CharField(_Printable, models.CharField):
    pass


class TextField(_Printable, models.TextField):
    """Its max_length binds full_clean(), too; that of Django's TextField binds forms only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))


class URLField(_Printable, models.URLField):
    form_class = forms.URLField
