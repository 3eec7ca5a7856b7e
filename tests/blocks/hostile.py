"""What means harm: templates that look for a way out, and patterns that never end."""

DUNDERS = (
    "__class__",
    "__init__",
    "__globals__",
    "__mro__",
    "__subclasses__",
    "__dict__",
)
SPELLINGS = (
    "{{{{ x.{0} }}}}", "{{{{ x['{0}'] }}}}", "{{{{ x|attr('{0}') }}}}", "{{{{ x|map(attribute='{0}')|list }}}}",
    "{{{{ [x]|map(attribute='{0}')|list }}}}", "{{{{ [x]|map('attr', '{0}')|list }}}}",
    "{{{{ [x]|selectattr('{0}')|map(attribute='{0}')|list }}}}", "{{{{ [x]|groupby('{0}') }}}}",
    "{{{{ [x]|sum(attribute='{0}') }}}}", "{{{{ [x]|sort(attribute='{0}')|map(attribute='{0}')|list }}}}",
    "{{{{ '{{0.{0}}}'.format(x) }}}}", "{{{{ '{{x.{0}}}'.format(x=x) }}}}", "{{{{ '{{0[{0}]}}'.format(x) }}}}",
    "{{{{ x[('{0}'[:4] ~ '{0}'[4:])] }}}}", "{{{{ x|attr('{0}'|reverse|reverse) }}}}",
    "{{{{ x.run.__func__.{0} }}}}", "{{{{ x.run.{0} }}}}", "{{{{ x.run['{0}'] }}}}",
)  # fmt: skip
"""Ways to ask for an attribute, each of them for every name above."""

ESCAPES = [
    *(spelling.format(name) for spelling in SPELLINGS for name in DUNDERS),
    "{{ x._canary }}", "{{ x['_canary'] }}", "{{ x|attr('_canary') }}", "{{ '{0._canary}'.format(x) }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ ().__class__.__base__.__subclasses__() }}",
    "{{ ''['__cla' ~ 'ss__'] }}", "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}", "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ''|attr(['__cla', 'ss__']|join) }}", "{{ ''|attr('__%s__'|format('class')) }}",
    "{{ ''|attr('__%s__' % 'class') }}", "{{ ''|attr('{}class{}'.format('__', '__')) }}",
    "{{ ''|attr('__ssalc__'|reverse) }}", "{{ ''|attr('__CLASS__'|lower) }}", "{{ ''|attr('--class--'|replace('-', '_')) }}",
    "{{ ''|attr(dict(__class__=1)|list|first) }}", "{{ ''|attr(dict(__cla=1, ss__=1)|join) }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ joiner.__init__.__globals__['os'] }}",
    "{{ namespace.__init__.__globals__ }}", "{{ lipsum.__globals__['os'] }}", "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}", "{{ request.application.__globals__ }}", "{{ config.items() }}",
    "{{ dict.__base__.__subclasses__() }}", "{{ dict.mro() }}", "{{ range.__self__ }}", "{{ x.run.__self__ }}",
    "{% set a = x.__class__ %}{{ a }}", "{% with a = x.__init__.__globals__ %}{{ a }}{% endwith %}",
    "{% for a in [x] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}", "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% macro m() %}{{ varargs.__class__ }}{{ kwargs.__class__ }}{% endmacro %}{{ m(1, a=2) }}",
    "{% set ns = namespace() %}{% set ns.__class__ = x %}{{ ns.__class__ }}",
    "{% include '/etc/passwd' %}", "{% import 'os' as os %}{{ os }}", "{% extends '/etc/passwd' %}", "{% from 'os' import popen %}",
    "{{ '{0.run.__func__.__globals__[CANARY]}'.format(x) }}", "{{ '{0.run.__globals__}'.format(x) }}",
    "{{ ('{0.__cl' ~ 'ass__}').format(x) }}", "{{ '{0.__class__.__init__.__globals__}'.format_map({'0': x}) }}",
    "{{ ''.format_map(x) }}", "{% set f = '{0.__class__}'.format %}{{ f(x) }}", "{{ '{0.__class__}'.format.__self__ }}",
    "{{ ['{0.__class__}']|map('format', x)|list }}", "{{ '{a.__class__}'.format(**{'a': x}) }}", "{{ '{:{0.__class__}}'.format(x) }}",
    "{{ '%(__class__)s' % x }}", "{{ '%s' % x.__class__ }}", "{{ '%s' | format(x.__class__) }}", "{{ f'{x.__class__}' }}",
    "{{ x.__getattribute__('__class__') }}", "{{ x.__reduce_ex__(2) }}", "{{ x.__class__.__init__.__globals__['__builtins__']['eval']('1') }}",
    "{{ x.__class__('a')|string }}", "{{ x[x.__class__] }}", "{{ range(x.__class__) }}", "{{ {}[x.run.__globals__] }}",
    "{{ ''|int(x.__class__.__name__) }}", "{{ x.gi_frame.f_globals }}", "{{ x.run.gi_code }}", "{{ (x for x in [1]).gi_frame }}",
    "{{ ([1]|map('string')).gi_frame.f_back.f_globals }}", "{{ x.run.func_globals }}", "{{ x.run.im_self }}", "{{ x.run() }}",
    "{{ [x.run]|map('call')|list }}", "{{ x|attr('run')() }}", "{{ context.environment }}", "{{ environment.globals }}",
    "{{ ''.join.__self__.__class__ }}", "{{ [].append.__self__.__class__ }}", "{{ x|pprint }}", "{{ x|xmlattr }}",
]  # fmt: skip

WAYS_OUT = (
    "{{ ''.__class__.__mro__ }}", "{{ ''|attr('__class__') }}", "{{ '{0.__class__}'.format('') }}",
    "{{ ('%s' % ''.__class__) }}", "{{ cycler.__init__.__globals__ }}",
)  # fmt: skip
"""A few of them that need no value, for every field of every block."""

CATASTROPHES = (
    "(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a*)*b", r"(\w+\s?)*$",
    "([a-zA-Z]+)*!x", "(x+x+)+y", "^(a?){50}a{50}$", "(a+)+b", "(a*)*$", "((a+)+)+$", "(aa|aab?)*$", "(a|b|ab)*c",
    r"(?:a+){2,}b", r"^(\w+)+@\w+$", r"^([\w.-]+)+@x$", r"(.+)+!!", "(.*)*x", ".*.*.*.*x", "a*a*a*a*a*b", "(?:.|a)*b$",
    r"^\s*(\S+\s*)*;$", "(a{1,9}){1,9}b", r"(?i)(a|A)*b", r"(\d|\w)*!y", "^(a+a+)+$", "(([a-z]*)*)*1", r"([^x]*[^y]*)*z",
)  # fmt: skip
"""Each takes an engine that goes back on its steps longer than the world will last."""
