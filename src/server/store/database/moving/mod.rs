//! From a file to a server: every row of a SQLite shop, copied into an empty PostgreSQL database.
//!
//! Nobody else has the file open meanwhile, so that nothing is written that the copy lacks. All of it is one transaction of the
//! server: a run that is interrupted leaves nothing behind, and the next one begins anew. Before the commit every row is read back
//! and compared. The file stays as it was, but for a mark: it is not served by mistake while its shop is served elsewhere.
//!
//! Not copied is what the server makes by itself: the totals of orders (its triggers add them up), what its migrations wrote, and
//! rows that only hold a lock or a moment.
//!
//! - `error`: why not; [`source`]: the file; [`target`]: the server; [`rows`]: rows, compared by what they say

mod error;
mod rows;
mod source;
mod target;

use super::{
    Place,
    schema::{Schema, Table},
};
pub use error::MoveError;
use source::Source;
use target::Target;

/// Tables whose rows are not copied.
const LEFT_OUT: [&str; 4] = ["oldest_program", "order_totals", "readiness", "turns"];

/// Moves the shop of the one address to the other, and says line by line what it did. It blocks.
pub fn move_to(from: &str, to: &str, mut say: impl FnMut(String)) -> Result<(), MoveError> {
    let (Place::File(file), Place::Server(server)) = (Place::of(from)?, Place::of(to)?) else { return Err(MoveError::Direction) };
    let source = Source::open(file)?;
    let schema = Schema::of_this_version()?;
    let mut target = Target::open(&server)?;
    let tables: Vec<_> = schema.tables.iter().filter(|table| !LEFT_OUT.contains(&table.name.as_str())).collect();
    target.begin()?;
    match target.first_occupied(&tables)? {
        None => copy_all(&source, &mut target, &schema, &tables, &mut say)?,
        Some(occupied) => {
            for table in &tables {
                if target.read(table)? != source.read(table)? {
                    return Err(MoveError::Occupied(format!("rows of {occupied}")));
                }
            }
            say("everything is there already".to_owned());
        }
    }
    let sums = source.sums()?;
    if target.sums()? != sums {
        return Err(MoveError::Differs("sums".to_owned()));
    }
    sums.iter().for_each(|sum| say(format!("the same on both sides: {sum}")));
    say("the same on both sides: every row of every table, the journal's callbacks by digest and body".to_owned());
    target.commit().map_err(MoveError::Unheard)?;
    source.mark_as_moved().map_err(|error| MoveError::Unmarked(error, file.to_owned()))
}

fn copy_all(
    source: &Source,
    target: &mut Target,
    schema: &Schema,
    tables: &[&Table],
    say: &mut impl FnMut(String),
) -> Result<(), MoveError> {
    target.keep_others_out(schema)?;
    // Somebody may have been there before.
    if let Some(occupied) = target.first_occupied(tables)? {
        return Err(MoveError::Occupied(format!("rows of {occupied}")));
    }
    for table in tables {
        let copied = target.copy(source, table)?;
        if target.read(table)? != copied {
            return Err(MoveError::Differs(table.name.clone()));
        }
        say(format!("{}: {} copied", table.name, copied.rows));
    }
    target.number_on(tables)
}
