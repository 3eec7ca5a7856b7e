"""Every error agentbench raises, as one tree.

    AgentbenchError
    ├── GraphError                  what you drew
    │   ├── UnknownBlock            no block has that id
    │   ├── UnknownAgent            no agent in the library has that name
    │   ├── UnknownNode             no node has that id
    │   ├── UnknownPort             the node has no such port
    │   ├── LinkRefused             the two ports may not be linked
    │   ├── EditRefused             the edit does not fit the graph
    │   ├── ReadOnlyGraph           the graph may be looked at, not changed
    │   ├── DocumentError           the file is no agent file, or a damaged one
    │   ├── FormatRefused           a file of another program cannot be read, or not be written
    │   ├── GraphInvalid            the graph cannot run as it is
    │   ├── InputError              a run input is missing, unknown or of the wrong type
    │   └── UploadRefused           a file that somebody brought was not taken in
    ├── RunError                    what happened
    │   ├── RunFailed               a run ended `failed` and you asked to be told
    │   ├── NeedsDecision           it is not known whether a block had sent something
    │   ├── UnknownRun              no run has that id
    │   ├── RunTaken                another owner holds the run
    │   ├── RunClash                there is another run of that id already
    │   ├── RunFileError            the file is no run file, or a damaged one
    │   ├── ReplayMiss              a call was made that is not in the recording
    │   ├── AnswerRefused           nothing waits for the answer, or not for that one
    │   ├── NobodyAnswered          the time for an answer is over
    │   ├── RunCutOff               a run of ours may not go on here
    │   ├── BlockNotHere            the block of another program does not run here
    │   ├── BlockOff                the block is switched off here
    │   ├── CodeNotTrusted          nobody here has agreed to the agent's code as it is
    │   ├── BlockTimeout            a firing took longer than its node allows
    │   ├── SubAgentFailed          an agent that a firing called did not complete
    │   ├── ModelError              a model could not be asked, or did not answer
    │   │   ├── UnknownModel        no model has that name
    │   │   ├── ModelNotReady       its provider is not set up here
    │   │   ├── ModelRefused        the provider does not take the request
    │   │   ├── ModelBusy           the provider is asked too often
    │   │   ├── ModelFailed         the call broke off; later the same call may do
    │   │   └── AnswerInvalid       the answer does not fit the schema
    │   ├── PoisonFiring            a firing took its kernel down too often
    │   ├── BlockRaised             a block raised something in its worker process
    │   ├── WorkerLost              a worker process ended in the middle of a firing
    │   ├── OverLimit               a firing used more than its block's limits allow
    │   ├── WorkerValueError        a value cannot go from process to process
    │   └── PortValueError          a value is not of its port's type
    ├── BackendError                what we stand on
    │   ├── StoreError              the store cannot do it
    │   │   ├── StaleOwner          a newer owner has the run; the write was refused
    │   │   ├── SaveConflict        the agent was changed elsewhere since you opened it
    │   │   └── NotKept             for now; later the same write may do
    │   │       ├── StorageFull         there is no room
    │   │       └── StoreUnreachable    it is busy or away
    │   ├── LockError               the lock cannot do it
    │   │   ├── LockTimeout         waited long enough for the lock
    │   │   ├── LockReentered       this task holds the lock and asks for it again
    │   │   ├── LockLost            we held the lock and lost it
    │   │   ├── LockBackendDown     the lock server cannot be reached
    │   │   └── RateExceeded        the rate allows it too late
    │   ├── RecordingError          a recording of calls cannot be read or written
    │   │   ├── RecordingDamaged    a file of it is none, or of another version
    │   │   └── SecretInRecording   a secret would have been written to it
    │   ├── CodecError              a value cannot be encoded or decoded
    │   ├── McpError                an MCP server cannot do it
    │   │   ├── UnknownMcpServer    no MCP server has that name
    │   │   ├── McpSettingRefused   a server cannot be set up like that
    │   │   ├── ConsentNeeded       its command was never allowed to start, or has changed
    │   │   ├── McpServerDown       it cannot be started or reached, or went away
    │   │   ├── ToolChanged         a tool is not what was accepted
    │   │   └── ToolFailed          a tool said that it failed
    │   └── ServerUnavailable       a server of our own cannot be started here
    ├── OutboundRefused             the door let nothing out (a ConnectionRefusedError too)
    │   └── Offline                 because AGENTBENCH_OFFLINE is set
    ├── CredentialError             what is secret
    │   ├── UnknownCredential       no credential has that name
    │   ├── CredentialInvalid       it cannot be kept as it is
    │   ├── CredentialRefused       it is not for that host (an OutboundRefused too)
    │   ├── ConsentFailed           nobody consented to it, or the provider gave no token
    │   ├── ConsentWithdrawn        the provider renews its token no more
    │   ├── CredentialNotRenewed    its token was not renewed just now (a ConnectionError too)
    │   └── CredentialsUnreadable   where they are kept cannot be read
    ├── UnknownTrouble              no error was told under that name
    ├── CaseError                   a saved case cannot be read or run
    ├── ShowError                   a value cannot be shown or handed over as asked
    │   ├── UnknownWay              there is no way to show it that is called so
    │   └── ValueRefused            it is not to be had like that
    └── PluginError                 what you added
        ├── BlockDefinitionError    a function cannot be made a block
        ├── DuplicateName           the name is taken
        └── MissingLibrary          an optional library is not installed

A class takes facts and writes its own message: what, where, and what to do next.
"""

from agentbench.domain.errors.backend import (
    BackendError as BackendError,
)
from agentbench.domain.errors.backend import (
    CodecError as CodecError,
)
from agentbench.domain.errors.backend import (
    LockBackendDown as LockBackendDown,
)
from agentbench.domain.errors.backend import (
    LockError as LockError,
)
from agentbench.domain.errors.backend import (
    LockLost as LockLost,
)
from agentbench.domain.errors.backend import (
    LockReentered as LockReentered,
)
from agentbench.domain.errors.backend import (
    LockTimeout as LockTimeout,
)
from agentbench.domain.errors.backend import (
    NotKept as NotKept,
)
from agentbench.domain.errors.backend import (
    RateExceeded as RateExceeded,
)
from agentbench.domain.errors.backend import (
    SaveConflict as SaveConflict,
)
from agentbench.domain.errors.backend import (
    ServerUnavailable as ServerUnavailable,
)
from agentbench.domain.errors.backend import (
    StaleOwner as StaleOwner,
)
from agentbench.domain.errors.backend import (
    StorageFull as StorageFull,
)
from agentbench.domain.errors.backend import (
    StoreError as StoreError,
)
from agentbench.domain.errors.backend import (
    StoreUnreachable as StoreUnreachable,
)
from agentbench.domain.errors.base import AgentbenchError as AgentbenchError
from agentbench.domain.errors.base import UnknownTrouble as UnknownTrouble
from agentbench.domain.errors.base import close_to as close_to
from agentbench.domain.errors.credential import (
    ConsentFailed as ConsentFailed,
)
from agentbench.domain.errors.credential import (
    ConsentWithdrawn as ConsentWithdrawn,
)
from agentbench.domain.errors.credential import (
    CredentialError as CredentialError,
)
from agentbench.domain.errors.credential import (
    CredentialInvalid as CredentialInvalid,
)
from agentbench.domain.errors.credential import (
    CredentialNotRenewed as CredentialNotRenewed,
)
from agentbench.domain.errors.credential import (
    CredentialRefused as CredentialRefused,
)
from agentbench.domain.errors.credential import (
    CredentialsUnreadable as CredentialsUnreadable,
)
from agentbench.domain.errors.credential import (
    UnknownCredential as UnknownCredential,
)
from agentbench.domain.errors.graph import (
    DocumentError as DocumentError,
)
from agentbench.domain.errors.graph import (
    EditRefused as EditRefused,
)
from agentbench.domain.errors.graph import (
    GraphError as GraphError,
)
from agentbench.domain.errors.graph import (
    GraphInvalid as GraphInvalid,
)
from agentbench.domain.errors.graph import (
    InputError as InputError,
)
from agentbench.domain.errors.graph import (
    LinkRefused as LinkRefused,
)
from agentbench.domain.errors.graph import (
    ReadOnlyGraph as ReadOnlyGraph,
)
from agentbench.domain.errors.graph import (
    UnknownAgent as UnknownAgent,
)
from agentbench.domain.errors.graph import (
    UnknownBlock as UnknownBlock,
)
from agentbench.domain.errors.graph import (
    UnknownNode as UnknownNode,
)
from agentbench.domain.errors.graph import (
    UnknownPort as UnknownPort,
)
from agentbench.domain.errors.graph import (
    UploadRefused as UploadRefused,
)
from agentbench.domain.errors.imported import (
    BlockNotHere as BlockNotHere,
)
from agentbench.domain.errors.imported import (
    BlockOff as BlockOff,
)
from agentbench.domain.errors.imported import (
    CodeNotTrusted as CodeNotTrusted,
)
from agentbench.domain.errors.imported import (
    FormatRefused as FormatRefused,
)
from agentbench.domain.errors.mcp import (
    ConsentNeeded as ConsentNeeded,
)
from agentbench.domain.errors.mcp import (
    McpError as McpError,
)
from agentbench.domain.errors.mcp import (
    McpServerDown as McpServerDown,
)
from agentbench.domain.errors.mcp import (
    McpSettingRefused as McpSettingRefused,
)
from agentbench.domain.errors.mcp import (
    ToolChanged as ToolChanged,
)
from agentbench.domain.errors.mcp import (
    ToolFailed as ToolFailed,
)
from agentbench.domain.errors.mcp import (
    UnknownMcpServer as UnknownMcpServer,
)
from agentbench.domain.errors.model import (
    AnswerInvalid as AnswerInvalid,
)
from agentbench.domain.errors.model import (
    ModelBusy as ModelBusy,
)
from agentbench.domain.errors.model import (
    ModelError as ModelError,
)
from agentbench.domain.errors.model import (
    ModelFailed as ModelFailed,
)
from agentbench.domain.errors.model import (
    ModelNotReady as ModelNotReady,
)
from agentbench.domain.errors.model import (
    ModelRefused as ModelRefused,
)
from agentbench.domain.errors.model import (
    UnknownModel as UnknownModel,
)
from agentbench.domain.errors.outbound import Offline as Offline
from agentbench.domain.errors.outbound import OutboundRefused as OutboundRefused
from agentbench.domain.errors.plugin import (
    BlockDefinitionError as BlockDefinitionError,
)
from agentbench.domain.errors.plugin import (
    DuplicateName as DuplicateName,
)
from agentbench.domain.errors.plugin import (
    MissingLibrary as MissingLibrary,
)
from agentbench.domain.errors.plugin import (
    PluginError as PluginError,
)
from agentbench.domain.errors.replay import (
    CaseError as CaseError,
)
from agentbench.domain.errors.replay import (
    RecordingDamaged as RecordingDamaged,
)
from agentbench.domain.errors.replay import (
    RecordingError as RecordingError,
)
from agentbench.domain.errors.replay import (
    ReplayMiss as ReplayMiss,
)
from agentbench.domain.errors.replay import (
    SecretInRecording as SecretInRecording,
)
from agentbench.domain.errors.run import (
    AnswerRefused as AnswerRefused,
)
from agentbench.domain.errors.run import (
    BlockTimeout as BlockTimeout,
)
from agentbench.domain.errors.run import (
    NeedsDecision as NeedsDecision,
)
from agentbench.domain.errors.run import (
    NobodyAnswered as NobodyAnswered,
)
from agentbench.domain.errors.run import (
    PoisonFiring as PoisonFiring,
)
from agentbench.domain.errors.run import (
    PortValueError as PortValueError,
)
from agentbench.domain.errors.run import (
    RunClash as RunClash,
)
from agentbench.domain.errors.run import (
    RunCutOff as RunCutOff,
)
from agentbench.domain.errors.run import (
    RunError as RunError,
)
from agentbench.domain.errors.run import (
    RunFailed as RunFailed,
)
from agentbench.domain.errors.run import (
    RunFileError as RunFileError,
)
from agentbench.domain.errors.run import (
    RunTaken as RunTaken,
)
from agentbench.domain.errors.run import (
    SubAgentFailed as SubAgentFailed,
)
from agentbench.domain.errors.run import (
    UnknownRun as UnknownRun,
)
from agentbench.domain.errors.show import (
    ShowError as ShowError,
)
from agentbench.domain.errors.show import (
    UnknownWay as UnknownWay,
)
from agentbench.domain.errors.show import (
    ValueRefused as ValueRefused,
)
from agentbench.domain.errors.worker import (
    BlockRaised as BlockRaised,
)
from agentbench.domain.errors.worker import (
    OverLimit as OverLimit,
)
from agentbench.domain.errors.worker import (
    WorkerLost as WorkerLost,
)
from agentbench.domain.errors.worker import (
    WorkerValueError as WorkerValueError,
)
