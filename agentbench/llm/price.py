"""What tokens cost, by the price list that comes with the model library."""

import warnings

from agentbench.domain.model import ModelName


def cost_of(name: ModelName, read: int, written: int, *, url: str = "") -> float | None:
    """US dollars for so many tokens; None where nobody knows the price."""
    if not read and not written:
        return None
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        return None
    used = Usage(input_tokens=read, output_tokens=written)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            price = calc_price(used, name.model, provider_api_url=url or None)
        except (LookupError, ValueError):
            return None
    return float(price.total_price)
