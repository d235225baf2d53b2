"""What a filter sees beyond the border of an image, by the names and meanings of OpenCV."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Border = Literal["reflect101", "reflect", "replicate", "constant"]
BORDERS: tuple[Border, ...] = get_args(Border)


def reflected(place: int, size: int, border: Border) -> int | None:
    """Return where in range(size) the value at `place` comes from; None where it is 0.

    Of a row a b c ..., what lies before it is: reflect101 c b, reflect b a, replicate a a, constant
    0 0. Near the border of a short row the images repeat.
    """
    if border == "constant":
        return place if 0 <= place < size else None
    if border == "replicate" or size == 1:
        return min(max(place, 0), size - 1)
    while not 0 <= place < size:
        if border == "reflect101":
            place = -place if place < 0 else 2 * size - 2 - place
        else:
            place = -1 - place if place < 0 else 2 * size - 1 - place
    return place


def extended(image: NDArray[Any], reach: int, border: Border) -> NDArray[Any]:
    """Return a gray image with `reach` more rows and columns on each side: of the same dtype."""
    for axis in (0, 1):
        size = image.shape[axis]
        places = [reflected(place, size, border) for place in range(-reach, size + reach)]
        image = np.take(image, [0 if place is None else place for place in places], axis)
        outside = [place is None for place in places]
        image[(outside, slice(None)) if axis == 0 else (slice(None), outside)] = 0
    return image
