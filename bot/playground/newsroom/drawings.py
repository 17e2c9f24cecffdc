"""The drawing above each article: a small seascape."""

from hashlib import sha256

from bot.playground.newsroom.press import Item

_HUES = {
    "world": 210, "disasters": 14, "politics": 345, "economy": 45, "technology": 190, "science": 255,
    "health": 150, "climate": 200, "security": 280, "transport": 220, "sport": 95, "culture": 320,
}  # fmt: skip
_WAVES = 5


def picture(item: Item) -> str:
    """A small seascape, always the same for an item: its topic gives the colour, its event the waves."""
    hue, seed = _HUES[item.topic], sha256(item.event.encode()).digest()
    waves = "".join(
        f'<path fill="hsl({hue + n * 6} 42% {62 - n * 10}%)" d="M0 {150 + n * 34} '
        f"C 160 {110 + n * 34 + seed[n] % 60}, 330 {220 + n * 30 - seed[n + 5] % 90}, 480 {150 + n * 34} "
        f'S 720 {110 + n * 34 + seed[n + 10] % 70}, 800 {150 + n * 34} V340 H0Z"/>'
        for n in range(_WAVES)
    )
    sun = (
        f'<circle cx="{120 + seed[20] * 2}" cy="{70 + seed[21] % 60}" r="{26 + seed[22] % 26}"'
        f' fill="hsl({hue + 40} 85% 88%)"/>'
    )
    return (
        '<svg viewBox="0 0 800 340" role="img" aria-hidden="true">'
        f'<rect width="800" height="340" fill="hsl({hue} 48% 80%)"/>{sun}{waves}</svg>'
    )
