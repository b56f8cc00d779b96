//! A chunk of a table in the page: compressed JSON, as base64 in an element that the browser does not parse.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A JSON list that grows until it is written.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    json: Vec<u8>,
    /// How many entries are in this chunk.
    count: u64,
    /// How many entries were in the chunks before it.
    from: u64,
}

impl Chunk {
    /// Adds an entry, and returns by how many bytes the chunk has grown.
    pub(super) fn push(&mut self, entry: &impl serde::Serialize) -> io::Result<usize> {
        let before = self.json.len();
        self.json.push(if self.count == 0 { b'[' } else { b',' });
        serde_json::to_writer(&mut self.json, entry)?;
        self.count += 1;
        Ok(self.json.len() - before)
    }

    /// Returns the number of buffered bytes.
    pub(super) fn len(&self) -> usize {
        self.json.len()
    }

    /// Writes the buffered entries as an element, and starts a new chunk. `part` and `table` name the table
    /// part that the chunk belongs to.
    pub(super) fn write(&mut self, writer: &mut dyn Write, part: &str, table: usize) -> io::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&self.json)?;
        packed.write_all(b"]")?;
        let text = STANDARD.encode(packed.finish()?);
        writeln!(
            writer,
            "<script type=\"application/gzip\" data-part=\"{part}\" data-table=\"{table}\" \
             data-from=\"{}\" data-count=\"{}\">{text}</script>",
            self.from, self.count
        )?;
        *self = Self { json: Vec::new(), count: 0, from: self.from + self.count };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use flate2::read::GzDecoder;
    use serde_json::{Value, json};

    use super::Chunk;

    /// Returns the content of an element.
    fn content(element: &str) -> Value {
        let (_, rest) = element.split_once('>').expect("an element");
        let text = rest.strip_suffix("</script>\n").expect("its end");
        let packed = STANDARD.decode(text).expect("base64");
        serde_json::from_reader(GzDecoder::new(&*packed)).expect("compressed JSON")
    }

    /// Entries are returned in their order, and nothing in them is markup.
    #[test]
    fn chunk_keeps_order_and_holds_no_markup() {
        let mut chunk = Chunk::default();
        let mut page = Vec::new();
        chunk.push(&json!("</script><script>")).expect("takes it");
        chunk.push(&json!([1])).expect("takes it");
        chunk.write(&mut page, "rows", 7).expect("writes");
        let page = String::from_utf8(page).expect("UTF-8");
        let expected = "<script type=\"application/gzip\" data-part=\"rows\" data-table=\"7\" data-from=\"0\" data-count=\"2\">";
        assert!(page.starts_with(expected), "{page}");
        assert_eq!(page.matches('<').count(), 2, "{page}");
        assert_eq!(content(&page), json!(["</script><script>", [1]]));
    }

    #[test]
    fn a_chunk_goes_on_where_the_one_before_it_ended() {
        let mut chunk = Chunk::default();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        chunk.push(&json!("a")).expect("takes it");
        chunk.write(&mut first, "raw", 0).expect("writes");
        assert_eq!(chunk.len(), 0);
        chunk.push(&json!("b")).expect("takes it");
        chunk.write(&mut second, "raw", 0).expect("writes");
        let second = String::from_utf8(second).expect("UTF-8");
        assert!(second.contains("data-from=\"1\" data-count=\"1\""), "{second}");
        assert_eq!(content(&second), json!(["b"]));
        chunk.write(&mut first, "raw", 0).expect("nothing to write");
        assert_eq!(String::from_utf8(first).expect("UTF-8").lines().count(), 1);
    }
}
