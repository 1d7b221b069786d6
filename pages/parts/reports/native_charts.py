"""A Chart as a chart of PowerPoint's own: its numbers lie in a workbook inside, where they can be changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from pptx.chart.chart import Chart as Drawn
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from pages.parts.export import neutral
from pages.parts.pieces import Chart, Series
from pages.parts.reports import axes
from pages.parts.reports.looks import GUIDE, INK, INK_ON, LOOKS, MUTED, WHITE, Look
from pages.parts.reports.measuring import lines

KINDS = {
    "lines": XL_CHART_TYPE.LINE_MARKERS,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "radar": XL_CHART_TYPE.RADAR_MARKERS,
}
DASHES = {
    "solid": MSO_LINE.SOLID,
    "dash": MSO_LINE.DASH,
    "dot": MSO_LINE.ROUND_DOT,
    "long": MSO_LINE.LONG_DASH,
    "dashdot": MSO_LINE.DASH_DOT,
}
MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "square": XL_MARKER_STYLE.SQUARE,
    "dash": XL_MARKER_STYLE.DASH,
    "triangle": XL_MARKER_STYLE.TRIANGLE,
}
FILLS = {
    "rising": MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    "falling": MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL,
    "dotted": MSO_PATTERN.PERCENT_80,
}
SIZE, SMALL_SIZE, SMALLEST_SIZE = 14, 12, 10.5
# Categories that fit with letters of each size.
MOST_LARGE, MOST_SMALL = 10, 18
# Inches about the lines of a figure: values to the left, years below, numbers of marks above, a row of the legend.
LEFT, RIGHT, BELOW, ABOVE, LEGEND_ROW = 0.75, 0.2, 0.65, 0.35, 0.32
LEAST_RADAR, LEAST_LINES, LEAST_BARS, LEAST_BAR = 4.0, 2.6, 0.5, 0.24
# Letters that the stroke and the air of a name in a legend take.
LEGEND_AIR = 8
# What the format wants before the word on gaps, the nearest first.
BEFORE_BLANKS = ("c:plotVisOnly", "c:legend", "c:plotArea")


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


def parts(chart: Chart) -> list[Chart]:
    """The chart as it fits on slides: many bars go on over several, on one axis."""
    if chart.kind not in ("bars", "stacked"):
        return [chart]
    most = max(1, MOST_SMALL // (max(1, len(chart.series)) if chart.kind == "bars" else 1))
    count = max(1, ceil(len(chart.categories) / most))
    each = ceil(len(chart.categories) / count)
    low, high = axes.ends(chart)
    cuts = [slice(start * each, (start + 1) * each) for start in range(count)]
    return [_cut(chart, cut, low, high) for cut in cuts] if count > 1 else [chart]


def least(chart: Chart) -> float:
    """The inches of height below which the chart says nothing."""
    if chart.kind in ("radar", "lines"):
        return LEAST_RADAR if chart.kind == "radar" else LEAST_LINES
    many = len(chart.series) if chart.kind == "bars" else 1
    return LEAST_BARS + LEAST_BAR * many * len(chart.categories)


def place(slide: Slide, chart: Chart, box: Box, told: str) -> None:
    """Draw the chart in the box, with what a reader is told who cannot see it."""
    corners = Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)
    frame = slide.shapes.add_chart(KINDS[chart.kind], *corners, _data(chart))
    known = frame._element.nvGraphicFramePr.cNvPr
    known.set("descr", told)
    known.set("name", "Figur")
    drawn = frame.chart
    _look(drawn, chart)
    {"lines": _lines, "bars": _bars, "stacked": _stacked, "radar": _radar}[chart.kind](drawn, chart)
    if chart.kind == "lines":
        inner = _inner(chart, box)
        _fix_plot(drawn, box, inner)
        _marks(slide, chart, inner)


def _cut(chart: Chart, cut: slice, low: float, high: float) -> Chart:
    series = tuple(replace(one, values=one.values[cut]) for one in chart.series)
    return replace(chart, categories=chart.categories[cut], series=series, low=low, high=high)


def _data(chart: Chart) -> CategoryChartData:
    data = CategoryChartData(number_format=_form(chart.decimals))
    # The workbook inside would run a name that begins as a formula.
    data.categories = [str(neutral(name)) for name in chart.categories]
    for one in chart.series:
        data.add_series(str(neutral(one.name)), one.values)
    return data


def _form(decimals: int, unit: str = "") -> str:
    """A number's form in PowerPoint's own terms; the comma is Swedish PowerPoint's."""
    said = unit.replace('"', "").replace("\\", "")
    after = f'"\u00a0{said}"' if said else ""
    return ("#,##0." + "0" * decimals if decimals else "#,##0") + after


def _look(drawn: Drawn, chart: Chart) -> None:
    drawn.font.size, drawn.font.color.rgb = Pt(_letters(chart)), _colour(INK)
    drawn.has_title = False
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM if chart.kind == "radar" else XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
        drawn.legend.font.size = Pt(SIZE)
    space = drawn._chartSpace
    space.insert(1 if space.find(qn("c:date1904")) is not None else 0, _element('<c:lang {} val="sv-SE"/>'))
    inside = space.find(qn("c:chart"))
    for blank in inside.findall(qn("c:dispBlanksAs")):
        inside.remove(blank)
    before = next(found for name in BEFORE_BLANKS if (found := inside.find(qn(name))) is not None)
    before.addnext(_element('<c:dispBlanksAs {} val="gap"/>'))


def _letters(chart: Chart) -> float:
    rows = len(chart.categories) * (max(1, len(chart.series)) if chart.kind == "bars" else 1)
    return SIZE if rows <= MOST_LARGE else SMALL_SIZE if rows <= MOST_SMALL else SMALLEST_SIZE


def _lines(drawn: Drawn, chart: Chart) -> None:
    low, high = axes.ends(chart)
    _guides(drawn, low, high)
    drawn.category_axis.tick_labels.font.color.rgb = _colour(MUTED)
    drawn.category_axis.format.line.color.rgb = _colour(GUIDE)
    drawn.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for line, one in zip(drawn.plots[0].series, chart.series, strict=True):
        line.smooth = False
        _stroke(line, LOOKS[one.role])
        if one.role == "own":
            # Only one's own: labels of lines that end close together would hide each other.
            _say_last(line, one, chart)


def _say_last(line: Any, one: Series, chart: Chart) -> None:
    """The value beside the last point of a line."""
    known = [place for place, value in enumerate(one.values) if value is not None]
    if known:
        label = line.points[known[-1]].data_label
        label.position = XL_LABEL_POSITION.ABOVE
        label.font.size, label.font.color.rgb = Pt(SIZE), _colour(LOOKS[one.role].colour)
        written = label._get_or_add_dLbl()
        form = _element(f'<c:numFmt {{}} formatCode="{_escaped(_form(chart.decimals))}" sourceLinked="0"/>')
        written.find(qn("c:txPr")).getparent().insert(
            list(written).index(written.find(qn("c:idx"))) + 1, form
        )


def _bars(drawn: Drawn, chart: Chart) -> None:
    plot = _lying(drawn, chart)
    low, high = axes.ends(chart)
    drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = low, high
    plot.gap_width, plot.overlap = 45, 0
    for bar, one in zip(plot.series, chart.series, strict=True):
        bar.invert_if_negative = False
        _fill(bar, LOOKS[one.role])
    _label(plot.data_labels, chart, INK, XL_LABEL_POSITION.OUTSIDE_END)


def _stacked(drawn: Drawn, chart: Chart) -> None:
    plot = _lying(drawn, chart)
    drawn.value_axis.minimum_scale, drawn.value_axis.maximum_scale = axes.ends(chart)
    plot.gap_width, plot.overlap = 45, 100
    for bar, one in zip(plot.series, chart.series, strict=True):
        _fill(bar, LOOKS[one.role])
        colour = INK if one.role in INK_ON else WHITE
        _label(bar.data_labels, chart, colour, XL_LABEL_POSITION.CENTER, hides_zero=True)


def _lying(drawn: Drawn, chart: Chart) -> Any:
    """What lying bars share: first category on top, no value axis, since each bar says its value."""
    drawn.category_axis.reverse_order = True
    drawn.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    drawn.category_axis.format.line.color.rgb = _colour(MUTED)
    drawn.category_axis.tick_labels.font.size = Pt(_letters(chart))
    drawn.value_axis.has_major_gridlines = False
    drawn.value_axis.visible = False
    plot = drawn.plots[0]
    plot.has_data_labels = True
    return plot


def _label(labels: Any, chart: Chart, colour: str, position: Any, *, hides_zero: bool = False) -> None:
    form = _form(chart.decimals, chart.unit)
    # The third part of a form is for zero: nothing stands in a part that is not there.
    labels.number_format = f"{form};−{form};" if hides_zero else f"{form};−{form}"
    labels.number_format_is_linked = False
    labels.show_value = True
    labels.position = position
    labels.font.size, labels.font.color.rgb = Pt(_letters(chart)), _colour(colour)


def _radar(drawn: Drawn, chart: Chart) -> None:
    low, high = axes.ends(chart)
    _guides(drawn, low, high)
    drawn.value_axis.format.line.fill.background()
    for line, one in zip(drawn.plots[0].series, chart.series, strict=True):
        _stroke(line, LOOKS[one.role])


def _guides(drawn: Drawn, low: float, high: float) -> None:
    axis, each = drawn.value_axis, axes.step(low, high)
    # PowerPoint counts its guides from the lowest value, which must be a guide itself.
    axis.minimum_scale, axis.maximum_scale = floor(low / each) * each, ceil(high / each) * each
    axis.major_unit = each
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _colour(GUIDE)
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.fill.background()
    axis.tick_labels.font.size, axis.tick_labels.font.color.rgb = Pt(SMALL_SIZE), _colour(MUTED)
    axis.tick_labels.number_format = _form(axes.decimals(low, high))
    axis.tick_labels.number_format_is_linked = False


def _stroke(line: Any, look: Look) -> None:
    line.format.line.color.rgb = _colour(look.colour)
    line.format.line.width = Pt(look.width)
    line.format.line.dash_style = DASHES[look.dash]
    line.marker.style, line.marker.size = MARKERS[look.marker], 8
    line.marker.format.fill.solid()
    line.marker.format.fill.fore_color.rgb = _colour(look.colour)
    line.marker.format.line.color.rgb = _colour(look.colour)


def _fill(bar: Any, look: Look) -> None:
    fill = bar.format.fill
    if look.fill == "plain":
        fill.solid()
    else:
        fill.patterned()
        fill.pattern = FILLS[look.fill]
        fill.back_color.rgb = _colour(_paler(look.colour))
    fill.fore_color.rgb = _colour(look.colour)
    bar.format.line.color.rgb = _colour(WHITE)


def _paler(colour: str) -> str:
    """A little of the way to white: a pattern that is seen, and that numbers are still read on."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * 0.25):02X}" for part in parts)


def _inner(chart: Chart, box: Box) -> Box:
    """Where the lines are drawn: set and not left to PowerPoint, so that marks can be placed."""
    names = " ".join(one.name + "x" * LEGEND_AIR for one in chart.series)
    rows = len(lines(names, box.width * 0.9, SIZE)) if len(chart.series) > 1 else 0
    above = ABOVE + LEGEND_ROW * rows
    width, height = box.width - LEFT - RIGHT, max(0.5, box.height - above - BELOW)
    return Box(box.left + LEFT, box.top + above, width, height)


def _marks(slide: Slide, chart: Chart, inner: Box) -> None:
    """A thin line and a number before each category where something happened."""
    for number, (where, said) in enumerate(chart.marks, start=1):
        x = Inches(inner.left + inner.width * chart.categories.index(where) / len(chart.categories))
        top, bottom = Inches(inner.top), Inches(inner.top + inner.height)
        line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, x, top, x, bottom)
        line.line.color.rgb, line.line.width = _colour(MUTED), Pt(0.75)
        line.line.dash_style = MSO_LINE.ROUND_DOT
        line._element.nvCxnSpPr.cNvPr.set("descr", f"{number}. {where}: {said}")
        named = slide.shapes.add_textbox(x - Inches(0.2), top - Inches(0.28), Inches(0.4), Inches(0.28))
        named.text_frame.margin_top = named.text_frame.margin_bottom = 0
        paragraph = named.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        run = paragraph.add_run()
        run.text, run.font.size, run.font.color.rgb = str(number), Pt(SIZE), _colour(MUTED)


def _fix_plot(drawn: Drawn, box: Box, inner: Box) -> None:
    area = drawn._chartSpace.find(qn("c:chart")).find(qn("c:plotArea"))
    for layout in area.findall(qn("c:layout")):
        area.remove(layout)
    shares = (
        (inner.left - box.left) / box.width,
        (inner.top - box.top) / box.height,
        inner.width / box.width,
        inner.height / box.height,
    )
    sizes = "".join(f'<c:{name} val="{share:.4f}"/>' for name, share in zip("xywh", shares, strict=True))
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    area.insert(0, _element(f"<c:layout {{}}><c:manualLayout>{modes}{sizes}</c:manualLayout></c:layout>"))


def _element(xml: str) -> Any:
    return parse_xml(xml.format(nsdecls("c")))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code[1:])
