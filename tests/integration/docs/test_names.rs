//! Test names stay short enough to be read in a failure and typed as a filter.
//!
//! A name is of the form `verb_object_condition`; longer sentences belong in the doc comment of the test.

use syn::visit::{self, Visit};
use syn::{ItemFn, Macro};

use crate::sandbox::{parsed, root, rust_files};

/// The longest name of a test, in characters.
const LONGEST: usize = 60;

#[test]
fn test_names_have_at_most_sixty_characters() {
    let root = root();
    let (mut tests, mut long) = (0, Vec::new());
    let folders = ["src", "tests", "benches"].map(|folder| root.join(folder));
    for file in folders.iter().flat_map(|folder| rust_files(folder)) {
        let names = test_names(&parsed(&file));
        tests += names.len();
        let path = file.strip_prefix(root).expect("below the root").display();
        long.extend(names.iter().filter(|name| name.len() > LONGEST).map(|name| format!("{path}: {name}")));
    }
    assert!(tests > 1_000, "only {tests} tests were found");
    assert!(
        long.is_empty(),
        "longer than {LONGEST} characters; move the sentence into the doc comment:\n{}",
        long.join("\n")
    );
}

/// Returns the names of all tests in a file, those in inline modules and in `proptest!` included.
fn test_names(file: &syn::File) -> Vec<String> {
    let mut names = TestNames::default();
    names.visit_file(file);
    names.0
}

#[derive(Default)]
struct TestNames(Vec<String>);

impl Visit<'_> for TestNames {
    fn visit_item_fn(&mut self, function: &ItemFn) {
        let is_test = |path: &syn::Path| path.segments.last().is_some_and(|last| last.ident == "test");
        if function.attrs.iter().any(|attribute| is_test(attribute.path())) {
            self.0.push(function.sig.ident.to_string());
        }
        visit::visit_item_fn(self, function);
    }

    /// The functions of `proptest!` are tokens: each that follows `#[test]` is a test.
    fn visit_macro(&mut self, called: &Macro) {
        if called.path.segments.last().is_some_and(|last| last.ident == "proptest") {
            let tokens: String = called.tokens.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            let tests = tokens.split("# [test]").skip(1);
            let names = tests.filter_map(|test| test.split_once("fn ")?.1.split([' ', '(', '<']).next());
            self.0.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn test_names_are_found_in_modules_and_macros() {
    let text = "#[test] fn a() {} fn b() {} mod inner { #[tokio::test(start_paused = true)] async fn c() {} } \
                proptest! { #![proptest_config(x())] #[test] fn d(x in 0..9) { f(x); } /// Text.\n #[test] \
                fn e(y in any::<u8>()) {} }";
    let file = syn::parse_file(text).expect("Rust");
    assert_eq!(test_names(&file), ["a", "c", "d", "e"]);
}
