//! Limits of a document. They are checked while the text is read, so that an unknown sender cannot make the program build
//! anything large.

use std::cell::Cell;

use super::json_error::JsonError;

/// The limits of one kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text.
    pub bytes: usize,
    /// How deep objects and lists are nested, the outermost included.
    pub depth: usize,
    /// Bytes of one member's name, unescaped.
    pub name_bytes: usize,
    /// Members of all objects and elements of all lists together.
    pub members: usize,
    /// Bytes of the text to sign, which repeats the whole path of each value and so may be far longer than the document.
    pub signed_bytes: usize,
}

/// Operations on a page of the register.
pub const REGISTER_PAGE: usize = 1_000;

impl Limits {
    /// A document from an unknown sender: callbacks, requests, answers to requests.
    /// Real ones stay below 20 kB, five levels, 100 members and names of 40 bytes.
    pub const DOCUMENT: Self = Self { bytes: 256 * 1024, depth: 10, name_bytes: 256, members: 1_000, signed_bytes: 1_000_000 };

    /// A signed answer that was asked for and lists all operations of a payment, some 25 members each.
    pub const STATUS: Self = Self { members: 4_000, ..Self::DOCUMENT };

    /// A page of the register that was asked for: rows of some 25 members and 700 bytes.
    pub const REGISTER: Self =
        Self { bytes: REGISTER_PAGE * 4096, members: REGISTER_PAGE * 100, signed_bytes: REGISTER_PAGE * 8192, ..Self::DOCUMENT };

    /// A document from this computer, such as the input of a command. The JSON library reads at most 128 levels.
    pub const TYPED: Self = Self { bytes: 64 << 20, depth: 110, name_bytes: 64 * 1024, members: 1_000_000, signed_bytes: 64 << 20 };
}

/// How much of its limits a document has used so far.
pub struct Spent<'a> {
    limits: &'a Limits,
    members: Cell<usize>,
    signed_bytes: Cell<usize>,
}

impl<'a> Spent<'a> {
    pub fn nothing_of(limits: &'a Limits) -> Self {
        Self { limits, members: Cell::new(0), signed_bytes: Cell::new(0) }
    }

    /// Counts one more member or element.
    pub fn member(&self) -> Result<(), JsonError> {
        spend(&self.members, 1, self.limits.members, JsonError::TooManyMembers)
    }

    /// Counts bytes of the text to sign.
    pub fn signed(&self, bytes: usize) -> Result<(), JsonError> {
        spend(&self.signed_bytes, bytes, self.limits.signed_bytes, JsonError::TooLongToSign)
    }

    pub fn check_depth(&self, depth: usize) -> Result<(), JsonError> {
        if depth > self.limits.depth { Err(JsonError::TooDeep) } else { Ok(()) }
    }

    pub fn check_name(&self, name: &str) -> Result<(), JsonError> {
        if name.len() > self.limits.name_bytes { Err(JsonError::LongMemberName) } else { Ok(()) }
    }

    /// The most bytes the text to sign can have.
    pub fn signed_bytes(&self) -> usize {
        self.signed_bytes.get()
    }
}

fn spend(spent: &Cell<usize>, more: usize, most: usize, exceeded: JsonError) -> Result<(), JsonError> {
    spent.set(spent.get().saturating_add(more));
    if spent.get() > most { Err(exceeded) } else { Ok(()) }
}
