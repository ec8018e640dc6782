"""Word files that mean harm, and templates, built in tests."""

import io
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import docx

RELATIONSHIPS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_template(*paragraphs: str) -> bytes:
    """A template of these paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, data: bytes, *, stored: bool = False) -> bytes:
    """The file with one more part, or another in its place."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, data, ZIP_STORED if stored else ZIP_DEFLATED)
    return stream.getvalue()


def replaced(content: bytes, name: str, old: str, new: str) -> bytes:
    """The file with a piece of a part exchanged."""
    with ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(name).decode()
    assert old in text
    return with_part(content, name, text.replace(old, new).encode())


def related(content: bytes, kind: str, target: str, *, external: bool = False) -> bytes:
    """The file with one more relationship of its text."""
    mode = ' TargetMode="External"' if external else ""
    told = f'<Relationship Id="rId900" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return replaced(content, RELATIONSHIPS, "</Relationships>", told)


def with_field(content: bytes, *codes: str) -> bytes:
    """The file with a field whose code is spread over runs."""
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    field = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    return replaced(content, "word/document.xml", "<w:body>", f"<w:body>{field}")
