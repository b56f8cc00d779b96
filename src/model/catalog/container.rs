//! The catalog's file: a header, then one compressed frame per service.
//!
//! ```text
//! magic "SCANCAT" and a format version, 8 bytes
//! length of the header in bytes, 4 bytes, little endian
//! header: postcard, compressed with zstd
//! frames: postcard, compressed with zstd and the header's dictionary
//! ```
//!
//! A frame of its own for each service lets a scan of three services read three; the dictionary
//! gives small frames the compression of one large one (the endpoint rule sets are near-identical).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::service::Service;

const MAGIC: &[u8; 7] = b"SCANCAT";
/// Counts up with every change that an older reader would misunderstand.
const FORMAT_VERSION: u8 = 2;
const COMPRESSION_LEVEL: i32 = 19;
/// Where zstd's returns diminish: measured on all services of botocore 1.43.11.
const DICTIONARY_BYTES: usize = 160 * 1024;
/// No real frame or header comes near; a damaged length must not take the machine's memory.
const LARGEST_FRAME: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests;

/// What the header says of all services together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// botocore's version.
    pub(super) botocore_version: String,
    /// `partitions.json`
    pub(super) partitions: String,
    /// What the frames are compressed with.
    dictionary: Vec<u8>,
    /// The services, sorted by name.
    pub(super) services: Vec<ServiceEntry>,
}

/// One service in the header.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceEntry {
    /// boto3's name for the client.
    pub name: String,
    /// The name for people.
    pub full_name: String,
    /// How many read operations it has.
    pub operations: u32,
    /// Whether one endpoint serves the whole partition.
    pub global: bool,
    offset: u32,
    length: u32,
}

/// A file that is not a catalog this program can read.
#[derive(Debug)]
pub struct CatalogError(pub(super) String);

impl fmt::Display for CatalogError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for CatalogError {}

/// An opened catalog: its header, and where the frames are.
pub(super) struct Container {
    pub(super) header: Header,
    bytes: Cow<'static, [u8]>,
    frames: usize,
    dictionary: zstd::dict::DecoderDictionary<'static>,
}

impl Container {
    pub(super) fn open(bytes: Cow<'static, [u8]>) -> Result<Self, CatalogError> {
        let foreign = || CatalogError("not a catalog file (`scan catalog build` makes one)".to_owned());
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(foreign)?;
        let (version, rest) = rest.split_first().ok_or_else(foreign)?;
        if *version != FORMAT_VERSION {
            return Err(CatalogError(format!(
                "catalog format {version}, but this program reads format {FORMAT_VERSION}: \
                 build the catalog again with `scan catalog build`"
            )));
        }
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(foreign)?;
        let length = u32::from_le_bytes(*length) as usize;
        let header = rest.get(..length).ok_or_else(|| damaged("the header is cut off"))?;
        let header = zstd::bulk::decompress(header, LARGEST_FRAME).map_err(damaged)?;
        let header: Header = postcard::from_bytes(&header).map_err(damaged)?;
        let frames = MAGIC.len() + 1 + 4 + length;
        // The decoder's own constructor panics on a dictionary that is none.
        zstd::zstd_safe::DDict::try_create(&header.dictionary)
            .ok_or_else(|| damaged("its dictionary cannot be read"))?;
        let dictionary = zstd::dict::DecoderDictionary::copy(&header.dictionary);
        Ok(Self { header, bytes, frames, dictionary })
    }

    /// Reads one service, and checks that it only reads.
    pub(super) fn service(&self, entry: &ServiceEntry) -> Result<Service, CatalogError> {
        let service = self.unchecked(entry)?;
        if *service.name != *entry.name {
            return Err(damaged(format!("the frame of {} holds {}", entry.name, service.name)));
        }
        service.check_requests().map_err(|problem| unsafe_request(&entry.name, &problem))?;
        Ok(service)
    }

    /// Reads one service as it was written.
    pub(super) fn unchecked(&self, entry: &ServiceEntry) -> Result<Service, CatalogError> {
        let start = self.frames.saturating_add(entry.offset as usize);
        let frame = self
            .bytes
            .get(start..start.saturating_add(entry.length as usize))
            .ok_or_else(|| damaged(format!("the frame of {} is cut off", entry.name)))?;
        let plain = zstd::bulk::Decompressor::with_prepared_dictionary(&self.dictionary)
            .and_then(|mut decompressor| decompressor.decompress(frame, LARGEST_FRAME))
            .map_err(damaged)?;
        let service: Service = postcard::from_bytes(&plain).map_err(damaged)?;
        service.check().map_err(|cause| damaged(format!("{}: {cause}", entry.name)))?;
        Ok(service)
    }
}

/// A service that would make the program send what is no read.
pub(super) fn unsafe_request(service: &str, problem: &str) -> CatalogError {
    CatalogError(format!(
        "the catalog has more than reads: {service}: {problem}; build it again with `scan catalog build`, from \
         the data of AWS's own botocore"
    ))
}

fn damaged(cause: impl fmt::Display) -> CatalogError {
    CatalogError(format!("the catalog is damaged: {cause}"))
}

/// Writes a catalog file's bytes.
pub(super) fn write(
    botocore_version: String,
    partitions: String,
    services: &[Service],
) -> Result<Vec<u8>, CatalogError> {
    let failed = |cause: &dyn fmt::Display| CatalogError(format!("the catalog cannot be written: {cause}"));
    let plain = services
        .iter()
        .map(postcard::to_stdvec)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|cause| failed(&cause))?;
    let dictionary = zstd::dict::from_samples(&plain, DICTIONARY_BYTES).map_err(|cause| failed(&cause))?;
    let mut compressor = zstd::bulk::Compressor::with_dictionary(COMPRESSION_LEVEL, &dictionary)
        .map_err(|cause| failed(&cause))?;
    let mut frames = Vec::new();
    let mut entries = Vec::new();
    for (service, plain) in services.iter().zip(&plain) {
        let frame = compressor.compress(plain).map_err(|cause| failed(&cause))?;
        let position = |count: usize| u32::try_from(count).map_err(|cause| failed(&cause));
        entries.push(ServiceEntry {
            name: service.name.to_string(),
            full_name: service.full_name.to_string(),
            operations: position(service.operations.len())?,
            global: service.global,
            offset: position(frames.len())?,
            length: position(frame.len())?,
        });
        frames.extend_from_slice(&frame);
    }
    let header = Header { botocore_version, partitions, dictionary, services: entries };
    let header = postcard::to_stdvec(&header).map_err(|cause| failed(&cause))?;
    let header = zstd::bulk::compress(&header, COMPRESSION_LEVEL).map_err(|cause| failed(&cause))?;
    let length = u32::try_from(header.len()).map_err(|cause| failed(&cause))?;
    let mut file = MAGIC.to_vec();
    file.push(FORMAT_VERSION);
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&header);
    file.extend_from_slice(&frames);
    Ok(file)
}
