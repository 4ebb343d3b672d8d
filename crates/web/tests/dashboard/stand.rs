//! keeperd's stand-in: what it shows can be changed, what it is asked for is written down.

use crate::overviews::well;
use config::Language;
use control::{Reply, Request};
use setup::Purpose;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use web::{Dashboard, Limits, Overview, Site, Start, router, serve};

#[derive(Clone)]
pub struct Stand {
    pub overview: Arc<Mutex<Overview>>,
    pub asked: Arc<Mutex<Vec<Request>>>,
    /// Whether it has no owner yet.
    pub is_new: bool,
    /// What every button is refused with.
    pub refusal: Option<&'static str>,
}

impl Default for Stand {
    fn default() -> Self {
        Self {
            overview: Arc::new(Mutex::new(well())),
            asked: Arc::default(),
            is_new: false,
            refusal: None,
        }
    }
}

impl Stand {
    pub fn overview(&self) -> MutexGuard<'_, Overview> {
        self.overview.lock().expect("an overview")
    }

    /// What buttons have asked for.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("what was asked").clone()
    }

    /// Its server, in the background.
    pub async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let router = router(self.clone(), address).expect("a router");
        let limits = Limits::default();
        tokio::spawn(serve(listener, router, limits, std::future::pending::<()>));
        address
    }
}

impl Site for Stand {
    fn language(&self) -> Language {
        Language::En
    }

    async fn start(&self, _: usize) -> Start {
        Start::NotConfigured { count: 0 }
    }

    async fn act(&self, request: Request) -> Reply {
        if request == (Request::Status {}) {
            return Reply::Status(self.overview().status.clone());
        }
        self.asked.lock().expect("what was asked").push(request);
        match self.refusal {
            Some(message) => Reply::Error {
                message: message.to_owned(),
            },
            None => Reply::Done {
                message: "it is done".to_owned(),
            },
        }
    }
}

crate::owned::wizard!(Stand, |stand| match stand.is_new {
    true => Purpose::FirstBoot,
    false => Purpose::Settings,
});

impl Dashboard for Stand {
    async fn overview(&self) -> Overview {
        Self::overview(self).clone()
    }

    async fn logs(&self) -> Vec<String> {
        vec!["<b>older</b>".to_owned(), "newest".to_owned()]
    }

    async fn notebook(&self) -> Result<Vec<u8>, String> {
        match self.refusal {
            Some(why) => Err(why.to_owned()),
            None => Ok(b"{\"cells\": []}".to_vec()),
        }
    }
}
