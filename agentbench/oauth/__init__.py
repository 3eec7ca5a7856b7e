"""OAuth2: how a person consents to a credential, and how its token stays fresh.

`consent.py` is what is asked and what has to come back, `landing.py` where the browser
lands afterwards, `endpoint.py` what the provider is asked for tokens, `renewal.py` the
credentials of this user with their tokens renewed. Read them in that order.
"""
