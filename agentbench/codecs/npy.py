"""NumPy arrays and single numbers, in NumPy's own file format and without pickle."""

import io
from typing import Any

from agentbench.codecs.base import is_exactly, is_from, refusing
from agentbench.domain.errors import CodecError


class ArrayCodec:
    """Keeps an array of numbers, texts, times or plain records."""

    name = "npy.array"

    def can_encode(self, value: Any) -> bool:
        # Exactly: a masked array would lose its mask.
        return is_exactly(value, "numpy", "ndarray")

    def encode(self, value: Any) -> bytes:
        import numpy as np

        if value.dtype.hasobject or value.dtype.metadata:
            raise CodecError(
                f"An array of {value.dtype} cannot be kept: not only numbers."
            )
        file = io.BytesIO()
        with refusing("The array"):
            np.save(file, value, allow_pickle=False)
        return file.getvalue()

    def decode(self, data: bytes) -> Any:
        with refusing("The stored array"):
            import numpy as np

            return np.load(io.BytesIO(data), allow_pickle=False)


class ScalarCodec:
    """Keeps a single NumPy number, as `mean()` and the like give it."""

    name = "npy.scalar"

    def can_encode(self, value: Any) -> bool:
        return is_from(value, "numpy", "generic")

    def encode(self, value: Any) -> bytes:
        import numpy as np

        with refusing("The number"):
            data = ArrayCodec().encode(np.asarray(value))
        # An array's texts end at their last character that is not NUL.
        if isinstance(value, np.character) and self.decode(data) != value:
            raise CodecError("A NumPy text that ends in NUL cannot be kept.")
        return data

    def decode(self, data: bytes) -> Any:
        return ArrayCodec().decode(data)[()]
