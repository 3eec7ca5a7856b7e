"""Grantors: the OAuth2 providers that many people use, by the name of the credential.

A provider knows the application that asks by a client id, which each user (or team)
makes once in the provider's settings; the address to send people back to is
`http://127.0.0.1/callback`, with the port of `--port` where a provider wants it exact.
"""

from dataclasses import dataclass

from agentbench.domain.familiar import stem
from agentbench.domain.grant import Grantor


@dataclass(frozen=True, kw_only=True)
class FamiliarGrantor:
    """A provider, the hosts that its tokens are for, and where one can be tried."""

    grantor: Grantor
    hosts: tuple[str, ...]
    clients: str
    """Where its users make a client."""
    test: str = ""


GRANTORS: dict[str, FamiliarGrantor] = {
    "discord": FamiliarGrantor(
        grantor=Grantor(
            asks="https://discord.com/oauth2/authorize",
            gives="https://discord.com/api/oauth2/token",
            revoke="https://discord.com/api/oauth2/token/revoke",
            scopes=("identify",),
        ),
        hosts=("discord.com",),
        clients="https://discord.com/developers/applications",
        test="https://discord.com/api/users/@me",
    ),
    "dropbox": FamiliarGrantor(
        grantor=Grantor(
            asks="https://www.dropbox.com/oauth2/authorize",
            gives="https://api.dropboxapi.com/oauth2/token",
            revoke="https://api.dropboxapi.com/2/auth/token/revoke",
            revokes_by="bearer",
            scopes=("account_info.read",),
            extra=(("token_access_type", "offline"),),
        ),
        hosts=("*.dropboxapi.com",),
        clients="https://www.dropbox.com/developers/apps",
    ),
    "github": FamiliarGrantor(
        grantor=Grantor(
            asks="https://github.com/login/oauth/authorize",
            gives="https://github.com/login/oauth/access_token",
            revoke="https://api.github.com/applications/{client}/grant",
            revokes_by="delete",
            scopes=("read:user",),
        ),
        hosts=("api.github.com",),
        clients="https://github.com/settings/developers",
        test="https://api.github.com/user",
    ),
    "gitlab": FamiliarGrantor(
        grantor=Grantor(
            asks="https://gitlab.com/oauth/authorize",
            gives="https://gitlab.com/oauth/token",
            revoke="https://gitlab.com/oauth/revoke",
            scopes=("read_user",),
        ),
        hosts=("gitlab.com",),
        clients="https://gitlab.com/-/user_settings/applications",
        test="https://gitlab.com/api/v4/user",
    ),
    "google": FamiliarGrantor(
        grantor=Grantor(
            asks="https://accounts.google.com/o/oauth2/v2/auth",
            gives="https://oauth2.googleapis.com/token",
            revoke="https://oauth2.googleapis.com/revoke",
            scopes=("openid", "email"),
            # Without both, a second consent brings no refresh token.
            extra=(("access_type", "offline"), ("prompt", "consent")),
        ),
        hosts=("*.googleapis.com",),
        clients="https://console.cloud.google.com/apis/credentials",
        test="https://openidconnect.googleapis.com/v1/userinfo",
    ),
    "linear": FamiliarGrantor(
        grantor=Grantor(
            asks="https://linear.app/oauth/authorize",
            gives="https://api.linear.app/oauth/token",
            revoke="https://api.linear.app/oauth/revoke",
            revokes_by="bearer",
            scopes=("read",),
            separator=",",
        ),
        hosts=("api.linear.app",),
        clients="https://linear.app/settings/api/applications/new",
    ),
    "microsoft": FamiliarGrantor(
        grantor=Grantor(
            asks="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            gives="https://login.microsoftonline.com/common/oauth2/v2.0/token",
            scopes=("offline_access", "User.Read"),
        ),
        hosts=("graph.microsoft.com",),
        clients="https://entra.microsoft.com/",
        test="https://graph.microsoft.com/v1.0/me",
    ),
    "notion": FamiliarGrantor(
        grantor=Grantor(
            asks="https://api.notion.com/v1/oauth/authorize",
            gives="https://api.notion.com/v1/oauth/token",
            revoke="https://api.notion.com/v1/oauth/revoke",
            basic=True,
            json=True,
            extra=(("owner", "user"),),
        ),
        hosts=("api.notion.com",),
        clients="https://www.notion.so/profile/integrations",
    ),
    "reddit": FamiliarGrantor(
        grantor=Grantor(
            asks="https://www.reddit.com/api/v1/authorize",
            gives="https://www.reddit.com/api/v1/access_token",
            revoke="https://www.reddit.com/api/v1/revoke_token",
            scopes=("identity",),
            basic=True,
            extra=(("duration", "permanent"),),
        ),
        hosts=("oauth.reddit.com",),
        clients="https://www.reddit.com/prefs/apps",
        test="https://oauth.reddit.com/api/v1/me",
    ),
    "slack": FamiliarGrantor(
        grantor=Grantor(
            asks="https://slack.com/oauth/v2/authorize",
            gives="https://slack.com/api/oauth.v2.access",
            revoke="https://slack.com/api/auth.revoke",
            revokes_by="bearer",
            scopes=("channels:read", "chat:write"),
            separator=",",
        ),
        hosts=("slack.com",),
        clients="https://api.slack.com/apps",
        test="https://slack.com/api/auth.test",
    ),
    "spotify": FamiliarGrantor(
        grantor=Grantor(
            asks="https://accounts.spotify.com/authorize",
            gives="https://accounts.spotify.com/api/token",
            scopes=("user-read-private",),
        ),
        hosts=("api.spotify.com",),
        clients="https://developer.spotify.com/dashboard",
        test="https://api.spotify.com/v1/me",
    ),
    "todoist": FamiliarGrantor(
        grantor=Grantor(
            asks="https://todoist.com/oauth/authorize",
            gives="https://todoist.com/oauth/access_token",
            scopes=("data:read",),
            separator=",",
        ),
        hosts=("api.todoist.com",),
        clients="https://developer.todoist.com/appconsole.html",
    ),
    "x": FamiliarGrantor(
        grantor=Grantor(
            asks="https://x.com/i/oauth2/authorize",
            gives="https://api.x.com/2/oauth2/token",
            revoke="https://api.x.com/2/oauth2/revoke",
            scopes=("tweet.read", "users.read", "offline.access"),
            basic=True,
        ),
        hosts=("api.x.com",),
        clients="https://developer.x.com/en/portal/dashboard",
        test="https://api.x.com/2/users/me",
    ),
}


def familiar_grantor(name: str) -> FamiliarGrantor | None:
    """The provider of that name, also for `google/drive` or `google-2`; None for others."""
    return GRANTORS.get(stem(name, GRANTORS))
