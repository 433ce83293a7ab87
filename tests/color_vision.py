"""How far apart two colours look, to people with any colour vision.

Distances are those of CAM02-UCS (Luo, Cui and Li, 2006) under the viewing conditions of sRGB; one
unit is about a just noticeable difference. Missing cones are simulated as Machado, Oliveira and
Fernandes (2009) do at severity 1.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgb

VISIONS = {
    "all cones": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
HUNT = np.array([[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]])
WHITE = np.array([95.047, 100.0, 108.883])  # D65
BACKGROUND = 20.0  # relative luminance of the surround
ADAPTING = 64 / np.pi / 5  # cd/m²
SURROUND, CHROMATIC, INDUCTION = 0.69, 1.0, 1.0  # an average surround: c, N_c and F


def linear(colors: Sequence[str]) -> np.ndarray:
    """sRGB without its gamma, ``(n, 3)``."""
    values = np.array([to_rgb(color) for color in colors])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(color: str, ground: str = "white") -> float:
    """As WCAG 2 defines it, 1 to 21."""
    luminances = linear([color, ground]) @ TO_XYZ[1]
    return (luminances.max() + 0.05) / (luminances.min() + 0.05)


def distances(colors: Sequence[str], vision: str) -> np.ndarray:
    """Of each colour from each, ``(n, n)``."""
    seen = np.clip(linear(colors) @ VISIONS[vision].T, 0, 1)
    places = cam02_ucs(100 * seen @ TO_XYZ.T)
    return np.linalg.norm(places[:, None] - places[None], axis=-1)


def cam02_ucs(xyz: np.ndarray) -> np.ndarray:
    """J', a' and b' of colours given as XYZ, 0 to 100."""
    k = 1 / (5 * ADAPTING + 1)
    level = 0.2 * k**4 * 5 * ADAPTING + 0.1 * (1 - k**4) ** 2 * np.cbrt(5 * ADAPTING)
    n = BACKGROUND / WHITE[1]
    base = 0.725 * n**-0.2  # N_bb and N_cb
    adapted = INDUCTION * (1 - np.exp((-ADAPTING - 42) / 92) / 3.6)

    def respond(xyz: np.ndarray) -> np.ndarray:
        gains = adapted * WHITE[1] / (CAT02 @ WHITE) + 1 - adapted
        cones = (xyz @ CAT02.T * gains) @ (HUNT @ np.linalg.inv(CAT02)).T
        power = (level * np.abs(cones) / 100) ** 0.42
        return np.sign(cones) * 400 * power / (power + 27.13) + 0.1

    red, green, blue = respond(xyz).T
    a = red - 12 * green / 11 + blue / 11
    b = (red + green - 2 * blue) / 9
    hue = np.arctan2(b, a)
    achromatic = (2 * red + green + blue / 20 - 0.305) * base
    r_w, g_w, b_w = respond(WHITE[None])[0]
    achromatic_white = (2 * r_w + g_w + b_w / 20 - 0.305) * base
    lightness = 100 * (achromatic / achromatic_white) ** (SURROUND * (1.48 + np.sqrt(n)))
    eccentricity = (np.cos(hue + 2) + 3.8) / 4
    t = 50_000 / 13 * CHROMATIC * base * eccentricity * np.hypot(a, b)
    t /= red + green + 21 * blue / 20
    chroma = t**0.9 * np.sqrt(lightness / 100) * (1.64 - 0.29**n) ** 0.73
    colorfulness = chroma * level**0.25
    radius = np.log(1 + 0.0228 * colorfulness) / 0.0228
    light = 1.7 * lightness / (1 + 0.007 * lightness)
    return np.stack([light, radius * np.cos(hue), radius * np.sin(hue)], axis=1)
