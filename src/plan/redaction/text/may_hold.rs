//! Whether a text may contain a secret, decided without a search for it.

use std::cell::OnceCell;
use std::ops::ControlFlow;

use super::encoded::{self, EncodedMemory};
use super::named::joins;
use super::places::NextPlace;
use super::scan::{is_blank, look_at, name_at, skip, skip_near, stands_at};
use super::triggers::{SEARCH, Trigger};
use crate::plan::redaction::names::{self, NameMeaning};
use crate::plan::redaction::secrets::forms::{self, TokenMemory};

/// Known facts about a text that is JSON as written in a file.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::plan::redaction) struct Hint<'rules> {
    /// The text is a list of a response, with these members that only sound like secrets.
    pub(in crate::plan::redaction) sounding: &'rules [Box<str>],
    /// The text contains maps whose entries may have any name.
    pub(in crate::plan::redaction) has_maps: bool,
    /// The text is JSON as written in files.
    pub(in crate::plan::redaction) is_json: bool,
}

/// Places that the triggers of a text have in common.
#[derive(Debug, Default)]
struct TriggerMemory {
    /// The next at sign or question mark, or the end of the URL.
    address: NextPlace,
    option: NextPlace,
    equals: NextPlace,
    encoded: EncodedMemory,
    tokens: TokenMemory,
}

/// Returns whether a text may contain a secret: most do not, and the check costs almost nothing for them.
pub(in crate::plan::redaction) fn may_hold(text: &[u8], hint: &Hint<'_>) -> bool {
    let memory = OnceCell::new();
    SEARCH
        .each(text, |place, label| {
            let memory = memory.get_or_init(TriggerMemory::default);
            let matters = match Trigger::of(label) {
                Trigger::Name => is_named(text, place, hint),
                Trigger::Address => is_address(text, place, memory),
                Trigger::Command => has_options(text, place, memory),
                Trigger::Option | Trigger::Router => true,
                Trigger::Environment => is_environment(text, place, hint, memory),
                Trigger::Encoded => encoded::is_text_at(text, place, &memory.encoded),
                Trigger::Mark => is_mark(text, place, hint),
                Trigger::Form(index) => forms::is_at(index, text, place, &memory.tokens),
            };
            if matters { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .is_break()
}

fn is_named(text: &[u8], place: usize, hint: &Hint<'_>) -> bool {
    if stands_at(text, place, "ntified by") {
        return true;
    }
    // `"Key":`, which every tag has, is decided without further checks.
    if hint.is_json && place > 0 && text[place - 1] == b'"' && stands_at(text, place, "key\":") {
        return hint.has_maps;
    }
    let (start, end) = name_at(text, place);
    let Ok(name) = std::str::from_utf8(&text[start..end]) else { return false };
    let is_entry = || text[end..].starts_with(b"\":");
    match names::meaning(name) {
        None | Some(NameMeaning::Environment) => false,
        Some(NameMeaning::Key) if hint.is_json => {
            let is_whole = start > 0 && text[start - 1] == b'"' && text.get(end) == Some(&b'"');
            is_whole && (hint.has_maps || !is_entry()) || joins(text, start)
        }
        Some(NameMeaning::Key) => joins(text, start),
        Some(_) => !(hint.is_json && is_entry() && hint.sounding.iter().any(|member| **member == *name)),
    }
}

fn is_address(text: &[u8], place: usize, memory: &TriggerMemory) -> bool {
    let sign = memory.address.byte(text, place, |byte| {
        byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'@' | b'?')
    });
    let scheme = &text[..place];
    matches!(text.get(sign), Some(b'@' | b'?'))
        || scheme.ends_with(b"rtmp")
        || scheme.ends_with(b"rtmps")
        || super::address::is_hook(&text[place..sign])
}

fn has_options(text: &[u8], place: usize, memory: &TriggerMemory) -> bool {
    const REACH: usize = 512;
    let opens = |place: &usize| {
        look_at(1);
        matches!(text[*place..], [b' ', b'-' | b'/', ..] | [b'"' | b'\'', b'-', ..])
    };
    let option = memory.option.find(text.len(), place, |mut range| range.find(opens));
    (option < text.len() && option + 2 <= place + REACH)
        || ["to-securestring", "vault", "echo ", "printf "]
            .iter()
            .any(|command| stands_at(text, place, command))
}

fn is_environment(text: &[u8], place: usize, hint: &Hint<'_>, memory: &TriggerMemory) -> bool {
    /// The maximum distance of an assignment from the name of its environment.
    const REACH: usize = 256;
    if stands_at(text, place, "env ") {
        return text[place..].starts_with(b"ENV ");
    }
    let (start, end) = name_at(text, place);
    let Ok(name) = std::str::from_utf8(&text[start..end]) else { return false };
    if !names::is_environment(name) {
        return false;
    }
    let closed = skip_near(text, end, 4, |byte| matches!(byte, b'"' | b'\'' | b'\\'));
    let is_entry = text.get(skip(text, closed, is_blank)) == Some(&b':');
    // The name of a pair is a text; in a tag its value is a word, and it is never an assignment.
    if !is_entry {
        let equals = || memory.equals.byte(text, place, |byte| byte == b'=');
        return hint.is_json && equals() < text.len().min(place + REACH);
    }
    !(hint.is_json && text[end..].starts_with(b"\":") && hint.sounding.iter().any(|member| **member == *name))
}

fn is_mark(text: &[u8], place: usize, hint: &Hint<'_>) -> bool {
    if stands_at(text, place, "securestring") {
        return true;
    }
    let (start, end) = name_at(text, place);
    if stands_at(text, place, "classification") {
        return hint.is_json && text[end..].iter().take(24).any(|byte| *byte == b'e');
    }
    let _ = start;
    let value = skip(text, end, |byte| is_blank(byte) || matches!(byte, b'"' | b'\\' | b':' | b'\''));
    stands_at(text, value, "true")
}
