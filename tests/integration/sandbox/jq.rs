//! jq filters as the expected results need them, through the jaq crates and past the program's own code.

use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
use jaq_json::{Val, read};
use serde_json::Value;

/// All outputs of the filter for this input.
#[track_caller]
pub(crate) fn evaluate(filter: &str, input: &Value) -> Vec<Value> {
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { code: filter, path: () });
    let modules = modules.unwrap_or_else(|_| panic!("{filter} does not parse"));
    let compiled = Compiler::default().with_funs(functions).compile(modules);
    let compiled = compiled.unwrap_or_else(|_| panic!("{filter} does not compile"));
    let input = read::parse_single(input.to_string().as_bytes()).expect("JSON");
    let context = Ctx::<data::JustLut<Val>>::new(&compiled.lut, Vars::new([]));
    let outputs = compiled.id.run((context, input)).map(unwrap_valr);
    outputs
        .map(|output| serde_json::from_str(&output.expect("an output").to_string()).expect("JSON"))
        .collect()
}

#[test]
fn a_filter_gives_all_its_outputs() {
    let input = serde_json::json!({"Names": ["a", "b"]});
    assert_eq!(evaluate(".Names[]", &input), ["a", "b"]);
}
