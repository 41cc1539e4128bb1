use std::fmt;

/// The bytes of a media entity or stream property, such as a file or a photo, and their media type.
///
/// `Debug` shows how many bytes there are, not what they are.
///
/// ```
/// use msgraph_runtime::request::Content;
///
/// let photo = Content::new(b"\xff\xd8\xff".to_vec(), "image/jpeg");
/// assert_eq!(format!("{photo:?}"), r#"Content { bytes: 3, content_type: Some("image/jpeg") }"#);
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The media type. A request without one sends `application/octet-stream`.
    pub content_type: Option<String>,
}

impl Content {
    /// Content with a media type.
    pub fn new(bytes: impl Into<Vec<u8>>, content_type: impl Into<String>) -> Self {
        Self {
            bytes: bytes.into(),
            content_type: Some(content_type.into()),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            content_type: None,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("bytes", &self.bytes.len())
            .field("content_type", &self.content_type)
            .finish()
    }
}
