//! What strangers do: slow clients, forged and cut callbacks, hostile bodies. The shop serves others meanwhile.

use crate::end;
use crate::ground::Ground;
use crate::outcome::Outcome;
use crate::story;
use crate::world::http::{Request, connect, read};
use crate::world::{World, customer};
use anyhow::{Result, ensure};
use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

const SLOW_CLIENTS: usize = 600;
const SLOW_FOR: Duration = Duration::from_secs(15);
/// A byte from each of them.
const A_BYTE_EACH: Duration = Duration::from_secs(1);
/// Callbacks are cut after each so many bytes.
const CUT_STEP: usize = 37;

/// Half of them never end their headers, half never their body.
pub fn slow_clients(ground: &Ground) -> Result<Outcome> {
    let world = ground.world()?;
    story::beside(&world, || {
        let mut clients = Vec::new();
        for number in 0..SLOW_CLIENTS {
            let mut client = connect(world.shop.port)?;
            client.write_all(match number % 2 {
                0 => b"POST /callbacks HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
                _ => b"POST /callbacks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n{",
            })?;
            clients.push(client);
        }
        let began = Instant::now();
        while began.elapsed() < SLOW_FOR {
            clients.retain_mut(|client| client.write_all(b" ").is_ok());
            sleep(A_BYTE_EACH);
        }
        Ok(())
    })?;
    end::check(&world)
}

/// True callbacks, changed, cut, and signed by nobody: none is taken. Then the true ones.
pub fn forged_and_cut(ground: &Ground) -> Result<Outcome> {
    let world = world_with_callbacks(ground)?;
    let before = world.database.journal()?.len();
    for body in world.untold()? {
        let end = body.len() - 1;
        let cut = (0..end).step_by(CUT_STEP).map(|length| body[..length].to_owned());
        let raised = body.replacen("\"amount\":", "\"amount\":9", 1);
        let unsigned = body.replacen("\"signature\"", "\"sign\"", 1);
        let signature =
            body.split("\"signature\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
        ensure!(!signature.is_empty(), "no signature: {body}");
        let other = |to: &str| body.replacen(&signature, to, 1);
        let half = &signature[..signature.len() / 2];
        for forged in
            cut.chain([raised, unsigned, other(""), other(half), other(&signature.to_lowercase()), other(&format!("{signature}="))])
        {
            let status = world.tells(&forged)?;
            ensure!(status == 400, "{status} for {forged}");
        }
        is_cut_on_its_way(&world, &body)?;
    }
    ensure!(world.database.journal()?.len() == before, "something of it was taken into the journal");
    world.tells_all()?;
    end::check(&world)
}

/// Said to be longer than it is, and ended in its middle.
fn is_cut_on_its_way(world: &World, body: &str) -> Result<()> {
    let bytes = Request::json("POST", "/callbacks", body.as_bytes()).bytes(world.shop.port);
    let mut stream = connect(world.shop.port)?;
    stream.write_all(&bytes[..bytes.len() - body.len() / 2])?;
    stream.shutdown(std::net::Shutdown::Write)?;
    if let Ok(answer) = read(stream) {
        ensure!(answer.status != 200, "half a callback is acknowledged");
    }
    Ok(())
}

/// None is answered otherwise than by a refusal, and none changes anything. True callbacks come in between.
pub fn hostile_bodies(ground: &Ground) -> Result<Outcome> {
    let world = world_with_callbacks(ground)?;
    let before = world.database.journal()?.len();
    for (what, body) in hostile() {
        let answer = world.asks(&Request::json("POST", "/callbacks", &body));
        // A body that is too large may be refused by the end of the connection.
        let is_refused = answer.as_ref().map_or(body.len() > 1_000_000, |answer| matches!(answer.status, 400 | 413));
        ensure!(is_refused, "{what}: {answer:?}");
    }
    ensure!(world.database.journal()?.len() == before, "something of it was taken into the journal");
    ensure!(world.shop.starts_so_far() == 1, "the shop ended");
    world.tells_all()?;
    end::check(&world)
}

pub fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let many = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<Vec<_>>().join(",");
    let signed = |inside: &str| format!("{{{inside},\"signature\":\"c2lnbmF0dXJl\"}}").into_bytes();
    let nested = |depth: usize| [&b"{\"a\":"[..], &b"[".repeat(depth), b"1", &b"]".repeat(depth), b"}"].concat();
    vec![
        ("nothing", Vec::new()),
        ("no object", b"[1,2,3]".to_vec()),
        ("ten megabytes of a text", signed(&format!("\"a\":\"{}\"", "x".repeat(10 << 20)))),
        ("ten megabytes of spaces", b" ".repeat(10 << 20)),
        ("lists in lists", nested(100)),
        ("100,000 lists in lists", nested(100_000)),
        ("20,000 members", signed(&many(20_000, &|number| format!("\"k{number}\":1")))),
        ("500,000 members", signed(&many(500_000, &|number| format!("\"k{number}\":1")))),
        ("the same member twice", signed("\"payment\":{\"id\":\"a\"},\"payment\":{\"id\":\"b\"}")),
        ("two signatures", b"{\"signature\":\"YQ==\",\"signature\":\"Yg==\"}".to_vec()),
        ("a byte order mark", [b"\xef\xbb\xbf".as_slice(), &signed("\"a\":1")].concat()),
        ("UTF-16", "{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a lone surrogate", signed("\"a\":\"\\ud800\"")),
        ("a name with a lone surrogate", signed("\"\\udfff\":1")),
        ("NUL", signed("\"a\":\"\\u0000\"")),
        ("a bare NUL", signed("\"a\":\"\0\"")),
        ("no UTF-8", [b"{\"a\":\"".as_slice(), b"\xff\xfe", b"\"}"].concat()),
        ("NaN", signed("\"a\":NaN")),
        ("1e400", signed("\"a\":1e400")),
        ("a number of a million digits", signed(&format!("\"a\":{}", "9".repeat(1_000_000)))),
        ("two documents", b"{\"a\":1}{\"a\":2}".to_vec()),
        ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".to_vec()),
    ]
}

/// A shop that waits for the callbacks of some payments.
pub fn world_with_callbacks(ground: &Ground) -> Result<World> {
    let world = ground.world()?;
    world.platform_is_silent()?;
    for (market, method, decision) in
        [("KR", "payco-wallet", "approve"), ("BE", "bancontact", "decline"), ("PH", "paymaya-wallet", "approve")]
    {
        let purchase = customer::orders(&world, market, method)?;
        customer::answers(&world, &purchase, decision)?;
    }
    Ok(world)
}
