//! Open connections: their number is limited, and the limit leaves room for everybody else.

use std::{
    net::{IpAddr, SocketAddr, UdpSocket},
    time::Duration,
};

use reqwest::Client;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::kit::{
    Customer, Folder, Sandbox, TestShop, eventually, free_port, settings_for, shop_program_with_open_files, storefront,
};

/// Connects from one of this computer's addresses and says nothing.
async fn connects(from: IpAddr, to: SocketAddr) -> TcpStream {
    let socket = if to.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.expect("a socket");
    socket.bind(SocketAddr::new(from, 0)).expect("one of our addresses");
    socket.connect(to).await.expect("a connection")
}

/// How many of them the shop closed at once.
async fn closed(connections: &mut [TcpStream]) -> usize {
    let mut closed = 0;
    for connection in connections {
        let mut byte = [0];
        let read = tokio::time::timeout(Duration::from_millis(5), connection.read(&mut byte)).await;
        closed += usize::from(matches!(read, Ok(Ok(0) | Err(_))));
    }
    closed
}

/// Asks for something, and stays connected.
async fn is_answered(connection: &mut TcpStream) -> bool {
    let mut answer = [0; 12];
    let asked = connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n").await;
    asked.is_ok() && connection.read_exact(&mut answer).await.is_ok() && answer == *b"HTTP/1.1 200"
}

/// This computer as others see it, if it is in a network.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("198.51.100.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|address| !address.is_loopback())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_keeps_only_some_connections_open() {
    let Some(own) = own_address() else { return };
    let shop = TestShop::start_with(&[("SHOP_ADDR", &format!("0.0.0.0:{}", free_port()))]).await;
    let port = shop.settings["SHOP_ADDR"].rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port");
    let there = SocketAddr::new(own, port);
    let (mut connections, mut answered) = (Vec::new(), 0);
    for _ in 0..300 {
        let mut connection = connects(own, there).await;
        answered += usize::from(is_answered(&mut connection).await);
        connections.push(connection);
    }
    assert!((100..300).contains(&answered), "{answered} of 300");
    assert_eq!(Customer::of(&format!("http://127.0.0.1:{port}")).opens("/healthz").await.status, 200);
    drop(connections);
    eventually("there is room again", async || {
        let client = Client::builder().no_proxy().build().expect("a client");
        client.get(format!("http://{there}/healthz")).send().await.ok().filter(|answer| answer.status() == 200)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_takes_as_many_open_files_as_it_may() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let program = shop_program_with_open_files("-S 100", &[], free_port(), &sandbox, &folder);
    let (usual, most) = program.open_files();
    assert!(usual == most && usual != "100", "{usual} of {most}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_with_few_open_files_keeps_enough_for_its_own_work() {
    let folder = Folder::new();
    let sandbox = Sandbox::start(&folder, &[]);
    let program = shop_program_with_open_files("150", &[("STATUS_AFTER_S", "3")], free_port(), &sandbox, &folder);
    let there: SocketAddr = program.address.trim_start_matches("http://").parse().expect("an address");
    let customer = Customer::of(&program.address);
    let purchase = customer.orders("KR", "jeju-green-tea", "payco-wallet").await;
    let faults = customer.asks(|client, _| client.put(format!("{}/control/faults", sandbox.address)).body("{\"drop\": 1}"));
    assert_eq!(faults.await.status, 200);
    drop(customer);

    // Somebody takes every connection there is, as soon as there is one.
    let flood = tokio::spawn(async move {
        let mut connections: Vec<TcpStream> = Vec::new();
        loop {
            while connections.len() < 300 {
                connections.push(connects(there.ip(), there).await);
            }
            let mut open = Vec::new();
            for mut connection in connections {
                if closed(std::slice::from_mut(&mut connection)).await == 0 {
                    open.push(connection);
                }
            }
            connections = open;
        }
    });
    Customer::of(&program.address).answers_with(&purchase, "approve").await;
    // No page can be opened meanwhile: what the platform answered is in the books.
    let settings = settings_for(free_port(), &sandbox, &folder, &[]);
    eventually("the shop asks the platform all the same", async || {
        storefront(&folder, &settings, &["books"], "").stdout.contains("taken").then_some(())
    })
    .await;
    flood.abort();
}
