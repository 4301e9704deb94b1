"""How a line that defines something looks, language by language, told by a file's suffix.

A rule matches a line's start: the `indent`, and the `title` that the definition goes by; where the
language itself says how deep it stands, the `level`. No rule parses anything.
"""

import re

# Types, and functions whose name has a type or a modifier before it, as calls do not.
C_LIKE = r"""
    (?P<indent>[ \t]*)
    (?!(?:return|else|new|throw|case|using|await|delete|goto|typedef)\b)
    (?P<title>
        (?:[\w.]+[ ]+){0,6}(?:class|struct|enum|interface|namespace|union|record|trait)
            [ ]+\w[^;{}()=]*
        | (?:[\w:.<>,\[\]*&?]+[ \t]+[*&]*){1,8}[\w:~]+[ ]?\([^;{}]*\)
        | \w+::[\w:~]+[ ]?\([^;{}]*\)
    )
    [^;{}()=]*(?:\{.*)?$
"""
SCRIPT = r"""
    (?P<indent>[ \t]*)
    (?!(?:if|for|while|switch|catch|return|with)\b)
    (?P<title>
        (?:(?:export|default|declare|abstract|async)[ ]+){0,4}
            (?:class|interface|enum|namespace|type|function\*?)[ ]+[\w$][^{;=]*
        | (?:export[ ]+)?(?:const|let|var)[ ]+[\w$]+
            (?=[ ]*=[ ]*(?:async[ ]*)?(?:function\b|\([^()]*\)[^=]*=>|\w+[ ]*=>))
        | (?:(?:public|private|protected|static|async|get|set|readonly)[ ]+){0,4}
            [\w$\#]+[ ]?\([^;{}]*\)(?=[^;{}()]*\{)
    )
"""
KEYWORD = r"""
    (?P<indent>[ \t]*)
    (?P<title>
        (?:(?:pub(?:\([^)]*\))?|async|unsafe|const|public|private|protected|internal|static|final
            |open|override|abstract|sealed|data|suspend|inline|extern|local|partial)[ ]+){0,6}
        (?:class|struct|enum|interface|trait|impl|protocol|extension|object|module|namespace
            |fn|fun|func|function|def|defp|defmodule|defmacro|proc|procedure|sub|subroutine|macro
            |program|entity|architecture|message|service)
        [ ]+[^\s;{=][^;{=]*
        | type[ ]+\w+[ ]+(?:struct|interface)
    )
"""
# A language's own words, where the families above do not fit.
SHELL = r"(?P<indent>[ \t]*)(?P<title>function[ ]+[\w:-]+|[\w:-]+[ ]?\(\))"
LISP = r"(?P<indent>[ \t]*)\((?P<title>(?:def\w*|define\S*|ns)[ ]+[^\s()]+)"
SQL = r"(?P<indent>[ \t]*)(?P<title>(?i:create)[ ]+(?:[\w]+[ ]+){0,6}[\w.\"`\[\]]+)"
R = r"(?P<indent>[ \t]*)(?P<title>[\w.]+)[ ]*(?:<-|=)[ ]*function\b"
ERLANG = r"(?P<indent>)(?P<title>[a-z]\w*\([^)]*\))[^.;]*->"
HASKELL = r"""
    (?P<indent>)
    (?P<title>(?:data|class|instance|module|newtype)[ ].+?(?=[ ](?:where|=)|$)
        | [a-z_]\w*'*[ ]+::.+)
"""
ML = r"(?P<indent>[ \t]*)(?P<title>(?:let|and|module|type)[ ]+(?:rec[ ]+)?[a-zA-Z_]\w*)"
LATEX = (
    r"(?P<indent>[ \t]*)\\(?P<level>part|chapter|(?:sub){0,2}section|paragraph)\*?"
    r"(?:\[[^\]]*\])?\{(?P<title>[^{}]+(?:\{[^{}]*\}[^{}]*)*)\}"
)

SUFFIXES = {
    C_LIKE: ".c .cc .cpp .cs .cxx .dart .groovy .gradle .h .hh .hpp .hxx .java .m .mm",
    SCRIPT: ".cjs .js .jsx .mjs .ts .tsx",
    KEYWORD: ".ex .exs .f90 .go .jl .kt .kts .lua .nim .pas .php .pl .pm .proto .ps1 .py .pyi .rb"
    " .rs .scala .swift .tcl .v .vb .vhdl .zig",
    SHELL: ".bash .sh .zsh",
    LISP: ".clj .el .lisp .scm",
    SQL: ".sql",
    R: ".r",
    ERLANG: ".erl",
    HASKELL: ".hs",
    ML: ".fs .ml",
    LATEX: ".tex",
}
RULES = {
    suffix: re.compile(rule, re.VERBOSE)
    for rule, suffixes in SUFFIXES.items()
    for suffix in suffixes.split()
}
LATEX_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph")
