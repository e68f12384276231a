"""The reference document of the DOCX: our styles, the notice in its header, page numbers below.

Pandoc's own reference document is the ground; Quarto uses the same file.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from lxml import etree

from analysis.files.whole_file import write_bytes
from analysis.report import pandoc
from analysis.text import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SERIF, _SANS = "Cambria", "Calibri"
_INK, _SOFT = "1C2330", "4A5466"


def _paragraph(before: int, after: int, more: str = "", line: int = 276) -> str:
    return (
        f'<w:pPr><w:spacing w:before="{before}" w:after="{after}" w:line="{line}"'
        f' w:lineRule="auto"/>{more}</w:pPr>'
    )


def _run(font: str, half_points: int, colour: str = _INK, more: str = "") -> str:
    return (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>{more}'
        f'<w:color w:val="{colour}"/><w:sz w:val="{half_points}"/>'
        f'<w:szCs w:val="{half_points}"/></w:rPr>'
    )


_KEEP = "<w:keepNext/><w:keepLines/>"
_BOLD = "<w:b/>"


def _heading(level: int, before: int, half_points: int) -> str:
    outline = f'<w:outlineLvl w:val="{level}"/>'
    spacing = f'<w:spacing w:before="{before}" w:after="100"/>'
    return f"<w:pPr>{_KEEP}{spacing}{outline}</w:pPr>" + _run(_SANS, half_points, more=_BOLD)


def _boxed(after: int) -> str:
    border = (
        '<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="2D5D50"/></w:pBdr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="F4F5F2"/>'
    )
    return (
        f'<w:pPr>{border}<w:spacing w:before="0" w:after="{after}"/><w:ind w:left="200"/></w:pPr>'
    )


# Properties of styles that Pandoc's reference document has, in the order the schema wants.
_STYLES = {
    "Normal": _paragraph(0, 120) + _run(_SERIF, 22),
    "BodyText": _paragraph(0, 140) + _run(_SERIF, 22),
    "Compact": _paragraph(20, 20, line=240) + _run(_SERIF, 20),
    "Title": _paragraph(0, 80, line=240) + _run(_SANS, 40, more=_BOLD),
    "Subtitle": _paragraph(0, 160, line=240) + _run(_SANS, 26, _SOFT),
    "Author": _paragraph(0, 40, line=240) + _run(_SANS, 22),
    "Date": _paragraph(0, 200, line=240) + _run(_SANS, 20, _SOFT),
    "AbstractTitle": _paragraph(160, 40) + _run(_SANS, 22, more=_BOLD),
    "Abstract": _paragraph(0, 240) + _run(_SERIF, 21),
    "Heading1": _heading(0, 400, 30),
    "Heading2": _heading(1, 300, 25),
    "Heading3": _heading(2, 240, 22),
    "BlockText": (
        '<w:pPr><w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="C9CDC6"/></w:pBdr>'
        '<w:spacing w:before="100" w:after="140"/><w:ind w:left="340" w:right="200"/></w:pPr>'
    )
    + _run(_SERIF, 21),
    "Bibliography": (
        '<w:pPr><w:spacing w:before="0" w:after="100"/><w:ind w:left="400" w:hanging="400"/></w:pPr>'
    )
    + _run(_SERIF, 20),
    "TableCaption": '<w:pPr><w:keepNext/><w:spacing w:before="200" w:after="80"/></w:pPr>'
    + _run(_SANS, 19, _SOFT),
    "ImageCaption": '<w:pPr><w:spacing w:before="60" w:after="240"/></w:pPr>'
    + _run(_SANS, 19, _SOFT),
    "Hyperlink": '<w:rPr><w:color w:val="0B4A80"/><w:u w:val="single"/></w:rPr>',
}
_NEW_STYLES = {
    "Callout": _boxed(60) + _run(_SERIF, 21),
    "CalloutTitle": _boxed(0) + _run(_SANS, 21, more=_BOLD),
}
_NAMES = {"Callout": "Callout", "CalloutTitle": "Callout Title"}


def write(target: Path, notice: str) -> None:
    """Write the reference document to `target`; `notice` stands on every page unless ''."""
    ground = pandoc.run(["--print-default-data-file", "reference.docx"])
    with zipfile.ZipFile(io.BytesIO(ground)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/styles.xml"] = _styled(parts["word/styles.xml"])
    parts["word/footer1.xml"] = _part("ftr", _page_number())
    if notice:
        parts["word/header1.xml"] = _part("hdr", _notice(notice))
    for kind in _attached(parts):
        _attach(parts, kind)
    parts["word/document.xml"] = _section(parts["word/document.xml"], _attached(parts))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    write_bytes(target, held.getvalue())


def _attached(parts: dict[str, bytes]) -> list[str]:
    return [kind for kind in ("header", "footer") if f"word/{kind}1.xml" in parts]


def _elements(xml: str) -> list[etree._Element]:
    return list(etree.fromstring(f'<w:x xmlns:w="{_W}">{xml}</w:x>'))


def _bytes(tree: etree._Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _styled(xml: bytes) -> bytes:
    tree = etree.fromstring(xml)
    for style in tree.findall(f"{{{_W}}}style"):
        properties = _STYLES.get(style.get(f"{{{_W}}}styleId", ""))
        if properties:
            for name in ("pPr", "rPr"):
                for old in style.findall(f"{{{_W}}}{name}"):
                    style.remove(old)
            style.extend(_elements(properties))
        elif style.get(f"{{{_W}}}type") == "table":
            _ruled(style)
    for identifier, properties in _NEW_STYLES.items():
        tree.extend(
            _elements(
                f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{identifier}">'
                f'<w:name w:val="{_NAMES[identifier]}"/><w:basedOn w:val="BodyText"/><w:qFormat/>'
                f"{properties}</w:style>"
            )
        )
    for language in tree.iter(f"{{{_W}}}lang"):
        language.set(f"{{{_W}}}val", "en-GB")
    return _bytes(tree)


def _ruled(style: etree._Element) -> None:
    """Give tables a rule above, below and under their head."""
    for old in style.findall(f"{{{_W}}}tblPr") + style.findall(f"{{{_W}}}tblStylePr"):
        style.remove(old)
    style.extend(
        _elements(
            '<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:color="1C2330"/>'
            '<w:bottom w:val="single" w:sz="8" w:color="1C2330"/>'
            '<w:insideH w:val="single" w:sz="4" w:color="E4E6E1"/></w:tblBorders>'
            '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
            '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
            '<w:bottom w:val="single" w:sz="6" w:color="1C2330"/></w:tcBorders></w:tcPr></w:tblStylePr>'
        )
    )


def _part(kind: str, paragraph: str) -> bytes:
    return _bytes(etree.fromstring(f'<w:{kind} xmlns:w="{_W}">{paragraph}</w:{kind}>'))


def _notice(text: str) -> str:
    border = '<w:pBdr><w:bottom w:val="dashed" w:sz="6" w:space="4" w:color="7A4A00"/></w:pBdr>'
    return (
        f'<w:p><w:pPr>{border}<w:jc w:val="center"/></w:pPr><w:r>{_run(_SANS, 16, "7A4A00")}'
        f"<w:t>{escape.html(text)}</w:t></w:r></w:p>"
    )


def _page_number() -> str:
    small = _run(_SANS, 16, _SOFT)
    return (
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>{small}'
        '<w:t xml:space="preserve">Page </w:t></w:r>'
        f'<w:fldSimple w:instr="PAGE"><w:r>{small}<w:t>1</w:t></w:r></w:fldSimple></w:p>'
    )


def _attach(parts: dict[str, bytes], kind: str) -> None:
    """Name a header or footer among the parts of the document and their types."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    etree.SubElement(
        types,
        f"{{{_TYPES}}}Override",
        PartName=f"/word/{kind}1.xml",
        ContentType=f"{_PART}.{kind}+xml",
    )
    parts["[Content_Types].xml"] = _bytes(types)
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    etree.SubElement(
        relations,
        f"{{{_RELATIONS}}}Relationship",
        Id=f"rId_{kind}",
        Type=f"{_R}/{kind}",
        Target=f"{kind}1.xml",
    )
    parts["word/_rels/document.xml.rels"] = _bytes(relations)


def _section(xml: bytes, kinds: list[str]) -> bytes:
    """Set paper, margins, header and footer of the document's one section."""
    tree = etree.fromstring(xml)
    section = tree.find(f".//{{{_W}}}sectPr")
    if section is None:
        raise ValueError("Pandoc's reference document has no section")
    for place, kind in enumerate(kinds):
        reference = etree.Element(f"{{{_W}}}{kind}Reference")
        reference.set(f"{{{_W}}}type", "default")
        reference.set(f"{{{_R}}}id", f"rId_{kind}")
        section.insert(place, reference)
    section.extend(
        _elements(
            '<w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1500" w:right="1400" w:bottom="1400" w:left="1400" w:header="600"'
            ' w:footer="600" w:gutter="0"/>'
        )
    )
    return _bytes(tree)
