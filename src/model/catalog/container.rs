//! The catalog file format: a header, then one compressed frame per service.
//!
//! ```text
//! magic "SCANCAT" and a format version, 8 bytes
//! length of the header in bytes, 4 bytes, little endian
//! header: postcard, compressed with zstd
//! frames: postcard, compressed with zstd and the header's dictionary; for each service its model with the request
//!   rates that its operations state, then its sources
//! ```
//!
//! The rates come after the model, so that catalogs without them remain readable.
//!
//! With its own frames per service, a scan of three services reads only three frames; the dictionary gives small frames
//! the compression of one large frame (the endpoint rule sets are nearly identical).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU16;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::service::Service;
use super::sources::ServiceSources;

const MAGIC: &[u8; 7] = b"SCANCAT";
/// The format version, incremented with every change that an older reader would misinterpret.
const FORMAT_VERSION: u8 = 3;
const COMPRESSION_LEVEL: i32 = 19;
/// The compression level of zstd beyond which the gain is small: measured on all services of botocore 1.43.11.
const DICTIONARY_BYTES: usize = 160 * 1024;
/// The maximum size of a frame or header, far above any real one; a damaged length must not exhaust the machine's
/// memory.
const LARGEST_FRAME: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod tests;

/// The header, with the data of the whole catalog.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// The version of botocore.
    pub(super) botocore_version: String,
    /// The content of `partitions.json`.
    pub(super) partitions: String,
    /// The compression dictionary of the frames.
    #[serde(deserialize_with = "bytes")]
    dictionary: Vec<u8>,
    /// The services, sorted by name.
    pub(super) services: Vec<ServiceEntry>,
}

/// Reads bytes at once, instead of one after the other as a list.
fn bytes<'text, D: Deserializer<'text>>(text: D) -> Result<Vec<u8>, D::Error> {
    <&[u8]>::deserialize(text).map(<[u8]>::to_vec)
}

/// The entry of a service in the header.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceEntry {
    /// boto3's name for the client.
    pub name: String,
    /// The full name.
    pub full_name: String,
    /// The number of read operations.
    pub operations: u32,
    /// Whether one endpoint serves the whole partition.
    pub global: bool,
    /// The frame of the model.
    model: StoredFrame,
    /// The frame of the sources.
    sources: StoredFrame,
}

impl ServiceEntry {
    /// Returns the compressed length of the model, in bytes.
    pub(super) fn length(&self) -> u32 {
        self.model.length
    }
}

/// The position of a frame behind the header.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct StoredFrame {
    offset: u32,
    length: u32,
}

/// The error of a file that is not a readable catalog.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CatalogError(pub(super) String);

/// An opened catalog: its header and the position of the frames.
pub(super) struct Container {
    pub(super) header: Header,
    bytes: Cow<'static, [u8]>,
    frames: usize,
    dictionary: zstd::dict::DecoderDictionary<'static>,
}

impl Container {
    pub(super) fn open(bytes: Cow<'static, [u8]>) -> Result<Self, CatalogError> {
        let foreign = || CatalogError("not a catalog file (create one with `scan catalog build`)".to_owned());
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
        let header = rest.get(..length).ok_or_else(|| damaged("the header is truncated"))?;
        let header = zstd::bulk::decompress(header, LARGEST_FRAME).map_err(damaged)?;
        let header: Header = postcard::from_bytes(&header).map_err(damaged)?;
        let frames = MAGIC.len() + 1 + 4 + length;
        // The decoder's constructor panics on an invalid dictionary.
        zstd::zstd_safe::DDict::try_create(&header.dictionary)
            .ok_or_else(|| damaged("its dictionary is invalid"))?;
        let dictionary = zstd::dict::DecoderDictionary::copy(&header.dictionary);
        Ok(Self { header, bytes, frames, dictionary })
    }

    /// Reads one service, and checks that all its operations are reads.
    pub(super) fn service(&self, entry: &ServiceEntry) -> Result<Service, CatalogError> {
        let service = self.unchecked(entry)?;
        if *service.name != *entry.name {
            return Err(damaged(format!("the frame of {} contains {}", entry.name, service.name)));
        }
        service.check_requests().map_err(|problem| unsafe_request(&entry.name, &problem))?;
        Ok(service)
    }

    /// Reads one service without checks.
    pub(super) fn unchecked(&self, entry: &ServiceEntry) -> Result<Service, CatalogError> {
        let plain = self.plain(&entry.name, entry.model)?;
        read_model(&plain).map_err(|cause| damaged(format!("{}: {cause}", entry.name)))
    }

    /// Reads the sources of a service's parameters.
    pub(super) fn sources(
        &self,
        entry: &ServiceEntry,
        service: &Service,
    ) -> Result<ServiceSources, CatalogError> {
        let sources: ServiceSources = self.read(&entry.name, entry.sources)?;
        sources.check(service).map_err(|cause| damaged(format!("{}: {cause}", entry.name)))?;
        Ok(sources)
    }

    /// Reads the names of the other services whose responses contain identifiers that a service's operations need. It
    /// does not need the model.
    pub(super) fn parent_services(&self, entry: &ServiceEntry) -> Result<BTreeSet<Box<str>>, CatalogError> {
        let sources: ServiceSources = self.read(&entry.name, entry.sources)?;
        let sources = sources.operations.into_iter().flat_map(|operation| operation.sources);
        Ok(sources.filter_map(|source| source.parent?.service).collect())
    }

    /// Reads a frame of the service `name`.
    fn read<T: DeserializeOwned>(&self, name: &str, frame: StoredFrame) -> Result<T, CatalogError> {
        postcard::from_bytes(&self.plain(name, frame)?).map_err(damaged)
    }

    /// Decompresses a frame of the service `name`.
    fn plain(&self, name: &str, frame: StoredFrame) -> Result<Vec<u8>, CatalogError> {
        let start = self.frames.saturating_add(frame.offset as usize);
        let frame = self
            .bytes
            .get(start..start.saturating_add(frame.length as usize))
            .ok_or_else(|| damaged(format!("the frame of {name} is truncated")))?;
        zstd::bulk::Decompressor::with_prepared_dictionary(&self.dictionary)
            .and_then(|mut decompressor| decompressor.decompress(frame, LARGEST_FRAME))
            .map_err(damaged)
    }
}

/// Reads a service, and the request rates that follow it.
fn read_model(plain: &[u8]) -> Result<Service, String> {
    let (mut service, rest) = Service::take_from(plain)?;
    if !rest.is_empty() {
        let rates: Vec<Option<NonZeroU16>> = postcard::from_bytes(rest).map_err(|error| error.to_string())?;
        for (operation, rate) in service.operations.iter_mut().zip(rates) {
            operation.stated_rate = rate;
        }
    }
    Ok(service)
}

fn write_model(service: &Service) -> Result<Vec<u8>, postcard::Error> {
    let rates: Vec<_> = service.operations.iter().map(|operation| operation.stated_rate).collect();
    postcard::to_stdvec(&(service, rates))
}

/// Returns the error of a service with a request that is not a read.
pub(super) fn unsafe_request(service: &str, problem: &str) -> CatalogError {
    CatalogError(format!(
        "the catalog has more than reads: {service}: {problem}; build it again with `scan catalog build`, from \
         the data of AWS's own botocore"
    ))
}

fn damaged(cause: impl fmt::Display) -> CatalogError {
    CatalogError(format!("the catalog is damaged: {cause}"))
}

/// Encodes a catalog file, with the sources of each service in the order of the services.
pub(super) fn write(
    botocore_version: String,
    partitions: String,
    services: &[Service],
    sources: &[ServiceSources],
) -> Result<Vec<u8>, CatalogError> {
    let plain = services.iter().map(write_model).collect::<Result<Vec<_>, _>>().map_err(unwritten)?;
    let dictionary = zstd::dict::from_samples(&plain, DICTIONARY_BYTES).map_err(unwritten)?;
    let mut compressor =
        zstd::bulk::Compressor::with_dictionary(COMPRESSION_LEVEL, &dictionary).map_err(unwritten)?;
    let mut frames = Vec::new();
    let mut append = |plain: &[u8]| {
        let frame = compressor.compress(plain).map_err(unwritten)?;
        let position = StoredFrame { offset: count(frames.len())?, length: count(frame.len())? };
        frames.extend_from_slice(&frame);
        Ok::<_, CatalogError>(position)
    };
    let mut entries = Vec::new();
    for ((service, plain), sources) in services.iter().zip(&plain).zip(sources) {
        entries.push(ServiceEntry {
            name: service.name.to_string(),
            full_name: service.full_name.to_string(),
            operations: count(service.operations.len())?,
            global: service.global,
            model: append(plain)?,
            sources: append(&postcard::to_stdvec(sources).map_err(unwritten)?)?,
        });
    }
    let header = Header { botocore_version, partitions, dictionary, services: entries };
    let header = postcard::to_stdvec(&header).map_err(unwritten)?;
    let header = zstd::bulk::compress(&header, COMPRESSION_LEVEL).map_err(unwritten)?;
    let length = count(header.len())?;
    let mut file = MAGIC.to_vec();
    file.push(FORMAT_VERSION);
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&header);
    file.extend_from_slice(&frames);
    Ok(file)
}

fn count(count: usize) -> Result<u32, CatalogError> {
    u32::try_from(count).map_err(unwritten)
}

fn unwritten(cause: impl fmt::Display) -> CatalogError {
    CatalogError(format!("cannot write the catalog: {cause}"))
}
