//! The forms of tokens, as their vendors publish them.

use super::forms::Alphabet::{Base64, Dotted, Hex, Letters, Lower, Upper, Url};
use super::forms::{Alphabet, Form, MORE};

/// A token that begins with its prefix.
const fn form(name: &'static str, prefix: &'static str, alphabet: Alphabet, length: (usize, usize), source: &'static str) -> Form {
    Form { name, prefix, alphabet, length, before: 0, source }
}

/// All forms.
pub(super) const VENDORS: &[Form] = &[
    form("aws access key id", "AKIA", Upper, (16, 16), "docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    form("aws access key id", "ASIA", Upper, (16, 16), "docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"),
    form("github token", "ghp_", Letters, (36, MORE), "github.blog/engineering/behind-githubs-new-authentication-token-formats"),
];
const _: (Alphabet, Alphabet, Alphabet, Alphabet, Alphabet) = (Base64, Dotted, Hex, Lower, Url);
