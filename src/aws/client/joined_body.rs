//! The parts of a response's body as one piece of memory.

use std::cell::RefCell;

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The longest body that uses the memory of the body before it, in bytes: AWS's usual pages are shorter. Each thread
/// keeps at most twice as much, since memory that is too short is replaced by twice its length.
const LONGEST: usize = 1024 * 1024;

thread_local! {
    /// The memory of the last body of this thread. A body is decoded and dropped before the next one is joined, so that a
    /// scan needs this memory once for each thread instead of once for each page: memory that was just used is in the
    /// processor's cache, and new memory costs a page fault for each 4 KiB.
    static MEMORY: RefCell<BytesMut> = RefCell::default();
}

/// Joins the parts of a body. A body that has arrived in one part is not copied.
pub(super) fn joined(mut parts: impl Buf) -> Bytes {
    let length = parts.remaining();
    if parts.chunk().len() == length || length > LONGEST {
        return parts.copy_to_bytes(length);
    }
    MEMORY.with_borrow_mut(|memory| {
        // New memory if the body before is still in use.
        memory.reserve(length);
        memory.put(parts);
        memory.split().freeze()
    })
}

#[cfg(test)]
mod tests {
    use bytes::{Buf, Bytes};

    use super::{LONGEST, joined};

    fn halves(text: &[u8]) -> impl Buf {
        let (one, other) = text.split_at(text.len() / 2);
        Bytes::copy_from_slice(one).chain(Bytes::copy_from_slice(other))
    }

    #[test]
    fn body_uses_the_memory_of_the_one_before_unless_that_is_in_use() {
        let first = joined(halves(&[b'1'; 1000]));
        let place = first.as_ptr();
        let second = joined(halves(&[b'2'; 900]));
        assert_ne!(second.as_ptr(), place);
        assert_eq!((&*first, &*second), (&[b'1'; 1000][..], &[b'2'; 900][..]));
        let place = second.as_ptr();
        drop((first, second));
        for byte in b"3456" {
            let next = joined(halves(&[*byte; 900]));
            assert_eq!((next.as_ptr(), &*next), (place, &[*byte; 900][..]));
        }
    }

    #[test]
    fn body_in_one_part_is_not_copied() {
        let part = Bytes::from_static(b"a body");
        assert_eq!(joined(part.clone()).as_ptr(), part.as_ptr());
        assert!(joined(Bytes::new()).is_empty());
    }

    #[test]
    fn memory_of_the_longest_bodies_is_not_kept() {
        let text: Vec<u8> = (0..=LONGEST).map(|index| b"abc"[index % 3]).collect();
        let long = joined(halves(&text));
        assert!(long == text);
        assert!(long.try_into_mut().is_ok(), "nothing else has the memory");
    }
}
