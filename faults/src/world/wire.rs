//! The wire between the shop and its database server. It counts what the shop sends, and at a chosen moment does harm.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Messages,
    Commits,
}

/// What is done with the message whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// The shop is killed before it leaves.
    Kill,
    /// Its connection is cut before it arrives.
    CutBefore,
    /// Its connection is cut before its answer arrives.
    CutAfter,
}

/// As a statement of its own: READ COMMITTED is something else.
const COMMIT: &[u8] = b"COMMIT\0";

pub struct Wire {
    pub port: u16,
    state: Arc<State>,
}

struct State {
    server: u16,
    counted: Counted,
    moment: usize,
    harm: Harm,
    seen: AtomicUsize,
    done: AtomicBool,
    kill: Mutex<Box<dyn Fn() + Send>>,
}

impl Wire {
    /// Passes everything on to the server on this port, but for the harm.
    pub fn to(server: u16, counted: Counted, moment: usize, harm: Harm, kill: impl Fn() + Send + 'static) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let kill: Mutex<Box<dyn Fn() + Send>> = Mutex::new(Box::new(kill));
        let (seen, done) = (AtomicUsize::new(0), AtomicBool::new(false));
        let state = Arc::new(State { server, counted, moment, harm, seen, done, kill });
        let shared = state.clone();
        // It ends with the program: nobody connects once the shop of its run is gone.
        thread::spawn(move || {
            for shop in listener.incoming().flatten() {
                let state = shared.clone();
                thread::spawn(move || state.pass_on(&shop));
            }
        });
        Ok(Self { port, state })
    }

    /// Whether the moment came.
    pub fn did_harm(&self) -> bool {
        self.state.done.load(Ordering::SeqCst)
    }
}

impl State {
    fn pass_on(self: Arc<Self>, shop: &TcpStream) {
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.server)) else { return };
        let ends = [shop, &server].map(|stream| stream.try_clone());
        let [Ok(to_shop), Ok(from_server)] = ends else { return };
        let _ = (server.set_nodelay(true), to_shop.set_nodelay(true));
        let cut = Arc::new(AtomicBool::new(false));
        let is_cut = cut.clone();
        let back = thread::spawn(move || copy(&from_server, &to_shop, |_| !is_cut.load(Ordering::SeqCst)));
        copy(shop, &server, |message| match self.is_its_turn(message) {
            false => true,
            true => match self.harm {
                Harm::Kill => {
                    (self.kill.lock().unwrap_or_else(PoisonError::into_inner))();
                    false
                }
                Harm::CutBefore => false,
                Harm::CutAfter => {
                    cut.store(true, Ordering::SeqCst);
                    true
                }
            },
        });
        let _ = back.join();
    }

    fn is_its_turn(&self, message: &[u8]) -> bool {
        let counts = self.counted == Counted::Messages || message.windows(COMMIT.len()).any(|word| word == COMMIT);
        counts && self.seen.fetch_add(1, Ordering::SeqCst) + 1 == self.moment && !self.done.swap(true, Ordering::SeqCst)
    }
}

/// Passes on what comes until an end is reached or `goes_on` says no; then both ends are closed.
fn copy(mut from: &TcpStream, mut to: &TcpStream, mut goes_on: impl FnMut(&[u8]) -> bool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !goes_on(&buffer[..length]) || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
