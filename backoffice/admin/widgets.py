"""A widget of the admin with what people who hear the page need."""

from django.contrib.admin.widgets import AdminSplitDateTime


class NamedSplitDateTime(AdminSplitDateTime):
    """Each of the two inputs has a name; in Django's, "Date:" and "Time:" are text beside them."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("Date", "Time"), strict=True):
            widget.attrs["aria-label"] = name
