"""Protocol: all that kernel and views say to each other, for the generator of TypeScript types."""

from agentbench.widgets.answers import (
    Assigned,
    BytesPart,
    Copied,
    FilePart,
    Frame,
    Inspection,
    PastRuns,
    PlainGraph,
    Rearranged,
    RunAccepted,
    Saved,
    TextPart,
    Versions,
    WireBranch,
    WirePage,
)
from agentbench.widgets.film_messages import (
    AskBars,
    AskFiring,
    Comparison,
    FilmReply,
    TimelineAbout,
    TimelineBars,
)
from agentbench.widgets.form_answers import (
    Checked,
    CredentialOffers,
    Folders,
    FormState,
    LastInputs,
    ModelOffers,
    UploadBegun,
    Uploaded,
    Variables,
)
from agentbench.widgets.form_requests import FromForm
from agentbench.widgets.late import Code
from agentbench.widgets.message import Message
from agentbench.widgets.messages import ToView
from agentbench.widgets.requests import FromView
from agentbench.workbench.film.look import FiringLook


class Protocol(Message):
    """All messages in one place; a field here is a type there."""

    to_view: ToView
    from_view: FromView
    inspection: Inspection
    run_accepted: RunAccepted
    saved: Saved
    rearranged: Rearranged
    plain_graph: PlainGraph
    versions: Versions
    timeline_about: TimelineAbout
    timeline_bars: TimelineBars
    firing_look: FiringLook
    ask_bars: AskBars
    ask_firing: AskFiring
    film_reply: FilmReply
    frame: Frame
    past_runs: PastRuns
    comparison: Comparison
    from_form: FromForm
    form_state: FormState
    checked: Checked
    credential_offers: CredentialOffers
    model_offers: ModelOffers
    last_inputs: LastInputs
    upload_begun: UploadBegun
    uploaded: Uploaded
    variables: Variables
    folders: Folders
    code: Code
    page: WirePage
    copied: Copied
    file_part: FilePart
    assigned: Assigned
    text_part: TextPart
    branch: WireBranch
    bytes_part: BytesPart
