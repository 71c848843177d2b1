//! Splits the bytes of a CSV file into rows of cells as they arrive. It is strict, because money depends on it.
//!
//! A lenient reader, which accepts an unclosed quotation or a short row, would take a truncated file for a shorter one.
//! Accepted are comma or semicolon, whichever the header has; UTF-8 with or without BOM; LF, CRLF or CR; quotation marks;
//! and the apostrophe that exports put before what a spreadsheet might run as a formula.

use super::{FileError, LONGEST_CELL, MOST_ROWS};
use crate::domain::text::formula::unguarded;

/// One row. Empty lines are skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number in a spreadsheet: the header is row 1.
    pub row: u32,
    pub cells: Vec<String>,
}

/// Reads a file that arrives in pieces. It must not be used after an error.
#[derive(Debug)]
pub struct TextReader {
    /// `None`: the header line is not complete yet.
    delimiter: Option<u8>,
    /// The bytes that came before the delimiter was known.
    first: Vec<u8>,
    at: At,
    cell: Vec<u8>,
    cells: Vec<String>,
    row: u32,
    /// Cells of the header; 0 before it is read.
    wanted: usize,
    rows: u32,
    after_return: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    CellBegins,
    InCell,
    InQuotation,
    /// After a quotation mark inside a quotation: it ends the quotation or is the first of two.
    AfterQuotation,
}

const BOM: &[u8] = b"\xEF\xBB\xBF";
/// The most bytes of a header line.
const LONGEST_HEADER: usize = 4_096;
const MOST_COLUMNS: usize = 32;

impl Default for TextReader {
    fn default() -> Self {
        Self {
            delimiter: None,
            first: Vec::new(),
            at: At::CellBegins,
            cell: Vec::new(),
            cells: Vec::new(),
            row: 1,
            wanted: 0,
            rows: 0,
            after_return: false,
        }
    }
}

impl TextReader {
    /// Takes the next bytes and adds completed rows to `rows`.
    pub fn feed(&mut self, bytes: &[u8], rows: &mut Vec<Record>) -> Result<(), FileError> {
        if self.delimiter.is_some() {
            return self.read(bytes, rows);
        }
        self.first.extend_from_slice(bytes);
        match delimiter_of(&self.first) {
            Some(delimiter) => self.begin(delimiter, rows),
            None if self.first.len() > LONGEST_HEADER => Err(FileError::LongCell(1)),
            None => Ok(()),
        }
    }

    /// Ends the file. Error: the file has no rows, or ends where it must not.
    pub fn finish(mut self, rows: &mut Vec<Record>) -> Result<(), FileError> {
        if self.delimiter.is_none() {
            self.begin(b',', rows)?;
        }
        if self.at == At::InQuotation {
            return Err(FileError::UnclosedQuote(self.row));
        }
        self.end_row(rows)?;
        match (self.wanted, self.rows) {
            (0, _) => Err(FileError::Empty),
            (_, 0) => Err(FileError::NoRows),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, delimiter: u8, rows: &mut Vec<Record>) -> Result<(), FileError> {
        self.delimiter = Some(delimiter);
        let first = std::mem::take(&mut self.first);
        self.read(first.strip_prefix(BOM).unwrap_or(&first), rows)
    }

    fn read(&mut self, bytes: &[u8], rows: &mut Vec<Record>) -> Result<(), FileError> {
        bytes.iter().try_for_each(|byte| self.take(*byte, rows))
    }

    fn take(&mut self, byte: u8, rows: &mut Vec<Record>) -> Result<(), FileError> {
        let line_went_on = std::mem::take(&mut self.after_return) && byte == b'\n';
        if line_went_on {
            return Ok(());
        }
        match (self.at, byte) {
            (_, 0) => return Err(FileError::Nul(self.row)),
            (At::InQuotation, b'"') => self.at = At::AfterQuotation,
            (At::InQuotation, byte) => self.add(byte)?,
            (At::CellBegins, b'"') => self.at = At::InQuotation,
            (At::AfterQuotation, b'"') => {
                self.add(b'"')?;
                self.at = At::InQuotation;
            }
            (_, b'\n') => self.end_row(rows)?,
            (_, b'\r') => {
                self.end_row(rows)?;
                self.after_return = true;
            }
            (_, byte) if Some(byte) == self.delimiter => self.end_cell()?,
            (At::AfterQuotation, _) | (At::InCell, b'"') => return Err(FileError::StrayQuote(self.row)),
            (At::CellBegins | At::InCell, byte) => {
                self.at = At::InCell;
                self.add(byte)?;
            }
        }
        Ok(())
    }

    /// Fails as soon as a cell is too long, so that memory stays small.
    fn add(&mut self, byte: u8) -> Result<(), FileError> {
        if self.cell.len() >= LONGEST_CELL * 4 {
            return Err(FileError::LongCell(self.row));
        }
        self.cell.push(byte);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), FileError> {
        let cell = String::from_utf8(std::mem::take(&mut self.cell)).map_err(|_| FileError::NotUtf8(self.row))?;
        if cell.chars().count() > LONGEST_CELL {
            return Err(FileError::LongCell(self.row));
        }
        self.at = At::CellBegins;
        self.cells.push(unguarded(&cell).to_owned());
        let most = if self.wanted == 0 { MOST_COLUMNS } else { self.wanted };
        if self.cells.len() > most { Err(self.cell_count(most)) } else { Ok(()) }
    }

    fn end_row(&mut self, rows: &mut Vec<Record>) -> Result<(), FileError> {
        let is_empty = self.at == At::CellBegins && self.cells.is_empty();
        if !is_empty {
            self.end_cell()?;
            if self.wanted == 0 {
                self.wanted = self.cells.len();
            } else {
                self.rows = self.rows.saturating_add(1);
            }
            if self.cells.len() != self.wanted {
                return Err(self.cell_count(self.wanted));
            }
            if self.rows > MOST_ROWS {
                return Err(FileError::TooManyRows);
            }
            rows.push(Record { row: self.row, cells: std::mem::take(&mut self.cells) });
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    fn cell_count(&self, wanted: usize) -> FileError {
        FileError::CellCount { row: self.row, cells: self.cells.len(), wanted }
    }
}

/// The delimiter of the header's cells. `None`: the header line is not complete. No column name holds a delimiter.
fn delimiter_of(first: &[u8]) -> Option<u8> {
    let text = first.strip_prefix(BOM).unwrap_or(first);
    // Empty lines before the header are skipped.
    let begins = text.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
    let text = &text[begins..];
    let line = &text[..text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?];
    Some(line.iter().copied().find(|byte| matches!(byte, b',' | b';')).unwrap_or(b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Result<Vec<Vec<String>>, FileError> {
        in_pieces(bytes, bytes.len().max(1))
    }

    fn in_pieces(bytes: &[u8], size: usize) -> Result<Vec<Vec<String>>, FileError> {
        let (mut reader, mut rows) = (TextReader::default(), Vec::new());
        for piece in bytes.chunks(size) {
            reader.feed(piece, &mut rows)?;
        }
        reader.finish(&mut rows)?;
        Ok(rows.into_iter().map(|record| record.cells).collect())
    }

    #[test]
    fn a_file_says_the_same_however_it_is_written() {
        let wanted = whole(b"a,b\n1,x\n2,\"y, z\"\n").unwrap();
        assert_eq!(wanted, [["a", "b"], ["1", "x"], ["2", "y, z"]]);
        for same in [
            &b"\xEF\xBB\xBFa,b\n1,x\n2,\"y, z\"\n"[..],
            b"a;b\r\n1;x\r\n2;y, z\r\n",
            b"a;b\r1;x\r2;\"y, z\"",
            b"\r\n\"a\",\"b\"\n\n\"1\",\"x\"\r\n2,\"y, z\"\n\n",
        ] {
            for size in 1..same.len() {
                assert_eq!(in_pieces(same, size), Ok(wanted.clone()), "{:?} by {size}", String::from_utf8_lossy(same));
            }
        }
    }

    #[test]
    fn quotations_hold_marks_delimiters_and_line_ends() {
        let rows = whole(b"a,b\n\"say \"\"hi\"\", you\",\"two\r\nlines\"\n\"\",\n").unwrap();
        assert_eq!(rows[1..], [["say \"hi\", you", "two\r\nlines"], ["", ""]]);
    }

    #[test]
    fn what_an_export_guards_is_read_as_it_was() {
        let rows = whole(b"a,b\n'-q25,\"'=1+1\"\n'|x,'s-Gravenhage\n").unwrap();
        assert_eq!(rows[1..], [["-q25", "=1+1"], ["|x", "'s-Gravenhage"]]);
    }

    #[test]
    fn what_cannot_be_read_names_its_row() {
        let long = [b"a,b\n1,x\n2,", "x".repeat(1_001).as_bytes(), b"\n"].concat();
        let endless = [b"a,b\n1,", vec![b'x'; 10_000_000].as_slice()].concat();
        let wide = [b"a,b\n1,2", vec![b','; 10_000].as_slice()].concat();
        for (bytes, error) in [
            (&b""[..], FileError::Empty),
            (b"\n\n", FileError::Empty),
            (b"\xEF\xBB\xBF", FileError::Empty),
            (b"a,b", FileError::NoRows),
            (b"a,b\n\n", FileError::NoRows),
            (b"a,b\n1,x\0\n", FileError::Nul(2)),
            (b"a,b\n1,\xFF\n", FileError::NotUtf8(2)),
            (b"\xFF\xFEa\0,\0b\0\n\0", FileError::Nul(1)),
            (b"a,b\n1,x\n2,\"y\n3,z\n", FileError::UnclosedQuote(3)),
            (b"a,b\n1,x\"y\n", FileError::StrayQuote(2)),
            (b"a,b\n1,\"x\"y\n", FileError::StrayQuote(2)),
            (b"a,b\n1,x\n2", FileError::CellCount { row: 3, cells: 1, wanted: 2 }),
            (b"a,b\n1,x,\n", FileError::CellCount { row: 2, cells: 3, wanted: 2 }),
            (&long, FileError::LongCell(3)),
            (&endless, FileError::LongCell(2)),
            (&wide, FileError::CellCount { row: 2, cells: 3, wanted: 2 }),
            (&vec![b'x'; 10_000], FileError::LongCell(1)),
            (&[b','; 100], FileError::CellCount { row: 1, cells: 33, wanted: 32 }),
        ] {
            for size in [1, 7, bytes.len().max(1)] {
                assert_eq!(
                    in_pieces(bytes, size).err().as_ref(),
                    Some(&error),
                    "{:?}",
                    String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
                );
            }
        }
        assert_eq!(whole(&[b"a,b\n1,", "é".repeat(1_000).as_bytes()].concat()).unwrap()[1][1].chars().count(), 1_000);
    }

    #[test]
    fn a_hundred_thousand_rows_are_the_most() {
        let mut file = b"a\n".to_vec();
        file.extend(b"1\n".repeat(100_000));
        assert_eq!(whole(&file).unwrap().len(), 100_001);
        file.extend(b"1\n");
        assert_eq!(whole(&file), Err(FileError::TooManyRows));
    }
}
