"""Charts: whatever is set for showing them does not change what is kept."""

from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import CodecError

CODECS_BOOK = Codecs(CODECS)


@pytest.fixture
def chart() -> alt.Chart:
    return alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_bar().encode(x="x:Q")


def test_the_rows_stay_inside_the_chart(
    chart: alt.Chart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = CODECS_BOOK.encode(chart)
    monkeypatch.chdir(tmp_path)
    with alt.data_transformers.enable("json"):
        assert CODECS_BOOK.encode(chart) == plain
        assert alt.data_transformers.active == "json"
    assert list(tmp_path.iterdir()) == []


def test_a_chart_that_is_none_is_refused(chart: alt.Chart) -> None:
    chart.mark = "a mark that is none"
    with pytest.raises(CodecError):
        CODECS_BOOK.encode(chart)
