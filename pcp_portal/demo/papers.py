"""What the fictional people put beside their work: a letter and a drawing, made here each time."""

from functools import cache
from io import BytesIO

import typst
from PIL import Image, ImageDraw, ImageFont

_LETTER = """\
#set document(title: "Your appointment", author: "MSK Partnership (Central)", date: none)
#set page(paper: "a4", margin: 2.5cm)
#set text(lang: "en", region: "GB", size: 14pt)
#set par(spacing: 1.2em)
#show heading: set block(above: 1.6em, below: 0.8em)

= Your appointment

Tuesday 9 June, 10.30 am, with Samir Haddad, physiotherapist. It takes about 40 minutes.

== Where to go

Outpatients, door B. The car park opposite has eight spaces for people who cannot walk far. Bus 14 \
stops outside.

== What to bring

- A list of the medicines you take
- Shorts, or trousers that roll up
- Somebody with you, if you like. They can come in.

== Whom to ring

01632 960112, from eight to six. Ring if you cannot come, if you need an interpreter, or if you \
would rather be rung than seen. A person answers.
"""
_PAPER, _PENCIL, _RED = (250, 248, 241), (60, 60, 66), (176, 42, 48)


@cache
def letter() -> bytes:
    """An appointment letter on one page, as a tagged PDF; the same bytes each time."""
    made: bytes = typst.compile(_LETTER.encode(), pdf_standards=["ua-1"])
    return made


def drawing() -> bytes:
    """Two clinics, and somebody in the gap between, as a JPEG; the same bytes each time."""
    image = Image.new("RGB", (900, 560), _PAPER)
    draw = ImageDraw.Draw(image)
    words = ImageFont.load_default(size=34)
    for left, name in ((60, "First clinic"), (580, "Second clinic")):
        draw.rounded_rectangle((left, 150, left + 260, 380), 18, outline=_PENCIL, width=5)
        draw.text((left + 130, 265), name, _PENCIL, words, anchor="mm")
    for left in range(336, 572, 34):
        draw.line((left, 440, left + 18, 440), _RED, width=5)
    draw.text((450, 480), "five months", _RED, words, anchor="mm")
    draw.ellipse((428, 200, 472, 244), outline=_RED, width=5)
    for ends in ((450, 244, 450, 330), (412, 276, 488, 276), (450, 330, 420, 398)):
        draw.line(ends, _RED, width=5)
    draw.line((450, 330, 480, 398), _RED, width=5)
    draw.text((450, 80), "Who rings?", _PENCIL, words, anchor="mm")
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
