//! The names that filters can call.

/// The reason why the environment is not accessible.
pub(super) const ENVIRONMENT: &str = "the environment holds credentials, and results go into files";
const INPUTS: &str = "a filter has one input, the response";
const FILES: &str = "a filter cannot read files";
const PROCESS: &str = "a filter cannot end the program";
const LIBRARY: &str = "its last digits depend on the C library";
const LISTS: &str = "its result differs between versions of jq";

/// Functions of jq that are not supported: names with the number of their arguments, and the reason.
const UNSUPPORTED: &[(&str, usize, &str)] = &[
    ("acosh", 0, LIBRARY),
    ("asinh", 0, LIBRARY),
    ("atanh", 0, LIBRARY),
    ("builtins", 0, LISTS),
    ("cbrt", 0, LIBRARY),
    ("env", 0, ENVIRONMENT),
    ("erf", 0, LIBRARY),
    ("erfc", 0, LIBRARY),
    ("exp10", 0, LIBRARY),
    ("gamma", 0, LIBRARY),
    ("get_jq_origin", 0, FILES),
    ("get_prog_origin", 0, FILES),
    ("get_search_list", 0, FILES),
    ("halt", 0, PROCESS),
    ("halt_error", 0, PROCESS),
    ("halt_error", 1, PROCESS),
    ("have_decnum", 0, LISTS),
    ("input", 0, INPUTS),
    ("input_filename", 0, INPUTS),
    ("input_line_number", 0, INPUTS),
    ("inputs", 0, INPUTS),
    ("j0", 0, LIBRARY),
    ("j1", 0, LIBRARY),
    ("jn", 2, LIBRARY),
    ("lgamma", 0, LIBRARY),
    ("lgamma_r", 0, LIBRARY),
    ("modulemeta", 0, FILES),
    ("pow10", 0, LIBRARY),
    ("tgamma", 0, LIBRARY),
    ("y0", 0, LIBRARY),
    ("y1", 0, LIBRARY),
    ("yn", 2, LIBRARY),
];

/// Returns why a function of jq is not supported.
pub(super) fn unsupported_reason(name: &str, arguments: usize) -> Option<&'static str> {
    UNSUPPORTED
        .iter()
        .find(|(known, count, _)| (*known, *count) == (name, arguments))
        .map(|(_, _, reason)| *reason)
}

const FORMATS: [&str; 9] = ["@text", "@json", "@csv", "@tsv", "@html", "@uri", "@sh", "@base64", "@base64d"];

pub(super) fn is_format(name: &str) -> bool {
    FORMATS.contains(&name)
}

/// Functions that have exactly one output, or an error, for each value of their arguments.
const SINGLE: &[&str] = &[
    "abs",
    "add",
    "ascii_downcase",
    "ascii_upcase",
    "contains",
    "endswith",
    "explode",
    "floor",
    "from_entries",
    "fromdate",
    "fromjson",
    "gmtime",
    "has",
    "implode",
    "index",
    "indices",
    "inside",
    "join",
    "keys",
    "keys_unsorted",
    "length",
    "ltrimstr",
    "max",
    "min",
    "mktime",
    "not",
    "now",
    "reverse",
    "rindex",
    "rtrimstr",
    "setpath",
    "sort",
    "split",
    "startswith",
    "strftime",
    "strptime",
    "tojson",
    "todate",
    "to_entries",
    "tonumber",
    "tostring",
    "type",
    "unique",
];

pub(super) fn is_single(name: &str) -> bool {
    SINGLE.binary_search(&name).is_ok() || FORMATS.contains(&name)
}

/// Functions of several arguments of which the last one varies slowest: those that jq implements in C.
const LAST_SLOWEST: &[&str] = &[
    "_edits",
    "_match",
    "_pieces",
    "_test",
    "atan2",
    "copysign",
    "drem",
    "fdim",
    "fma",
    "fmax",
    "fmin",
    "fmod",
    "hypot",
    "ldexp",
    "nextafter",
    "nexttoward",
    "pow",
    "remainder",
    "scalb",
    "scalbln",
    "setpath",
];

pub(super) fn varies_last_slowest(name: &str) -> bool {
    LAST_SLOWEST.binary_search(&name).is_ok()
}

/// Natives of jaq that behave as in jq, by their name here.
const FROM_JAQ: &[(&str, &str)] = &[
    ("error_empty", "_raise"),
    ("group_by", "_group_by"),
    ("max_by_or_empty", "_max_by"),
    ("min_by_or_empty", "_min_by"),
    ("path", "path"),
    ("range", "_range"),
    ("sort_by", "_sort_by"),
];

/// Returns the name of one of jaq's natives here, if it is used.
pub(super) fn of_native(name: &str) -> Option<&'static str> {
    FROM_JAQ.iter().find(|(known, _)| *known == name).map(|(_, name)| *name)
}

/// The names of a filter's own functions and arguments, with the number of their arguments.
#[derive(Clone, Default)]
pub(super) struct DefinedNames<'s>(Vec<(&'s str, usize)>);

impl<'s> DefinedNames<'s> {
    pub(super) fn add(&mut self, name: &'s str, arguments: usize) {
        self.0.push((name, arguments));
    }

    /// Returns the argument `$name`, if it is not shadowed by a function.
    pub(super) fn variable(&self, name: &str) -> Option<&'s str> {
        let last =
            self.0.iter().rev().find(|(known, count)| *count == 0 && known.trim_start_matches('$') == name);
        last.map(|(known, _)| *known).filter(|known| known.starts_with('$'))
    }

    pub(super) fn has(&self, name: &str, arguments: usize) -> bool {
        self.0.iter().any(|(known, count)| (*known, *count) == (name, arguments))
    }
}
