"""Plots as SVG, legible on light and dark pages: no background, and greys that stand out from both."""

import pygal
from pygal.style import Style

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#b8860b", "#56718a")
_GREY, _FAINT = "#7a7a7a", "#7a7a7a66"
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground=_GREY,
    foreground_strong=_GREY,
    foreground_subtle=_GREY,
    guide_stroke_color=_FAINT,
    major_guide_stroke_color=_FAINT,
    colors=_COLOURS,
    font_family="sans-serif",
    title_font_size=17,
    legend_font_size=15,
    label_font_size=13,
    major_label_font_size=13,
)


def _settings(title, **more):
    legend = {"legend_at_bottom": True, "legend_at_bottom_columns": 3, "truncate_legend": -1, "margin_bottom": 50}
    return {"title": title, "style": _STYLE, "js": (), "width": 760, "height": 420, **legend, **more}


def _write(chart, path, title):
    chart.render_to_file(str(path))
    return f"![{title}]({path.name})"


def lines(path, title, x_title, y_title, series):
    """`series`: {name: [(x, y), …]}. Returns the Markdown that shows the plot."""
    chart = pygal.XY(
        **_settings(title, x_title=x_title, y_title=y_title, include_x_axis=True, range=_from_zero(series))
    )
    for name, points in series.items():
        chart.add(name, points)
    return _write(chart, path, title)


def _from_zero(series):
    return 0, 1.05 * max(y for points in series.values() for _, y in points)


def shares(path, title, series):
    """Cumulative shares of the values of {name: [milliseconds, …]}."""
    chart = pygal.XY(
        **_settings(title, x_title="milliseconds", y_title="share of pages, %", show_dots=False, range=(0, 100))
    )
    for name, values in series.items():
        steps = [(0, 0)]
        for number, value in enumerate(sorted(values)):
            steps += [(value, 100 * number / len(values)), (value, 100 * (number + 1) / len(values))]
        chart.add(name, steps)
    return _write(chart, path, title)
