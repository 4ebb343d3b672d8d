//! What a server's stand-in must know besides, where that is not what is tested: a device at work that is well.

/// Makes a type know it.
macro_rules! owned {
    ($stand:ty) => {
        impl web::Dashboard for $stand {
            async fn overview(&self) -> web::Overview {
                crate::overviews::well()
            }

            async fn logs(&self) -> Vec<String> {
                Vec::new()
            }

            async fn notebook(&self) -> Result<Vec<u8>, String> {
                Err("there is none".to_owned())
            }
        }

        crate::owned::wizard!($stand, |_| setup::Purpose::Settings);
    };
}

/// Makes a type know what a device is for, and nothing of its settings.
macro_rules! wizard {
    ($stand:ty, $purpose:expr) => {
        impl web::Wizard for $stand {
            fn purpose(&self) -> setup::Purpose {
                let purpose: fn(&Self) -> setup::Purpose = $purpose;
                purpose(self)
            }

            async fn view(&self) -> web::View {
                unreachable!("nobody asks for the answers")
            }

            async fn save(
                &self,
                _: setup::Step,
                _: Vec<(setup::Field, String)>,
            ) -> Vec<setup::Fault> {
                Vec::new()
            }

            async fn errand(&self, _: web::Errand) -> Result<(), web::Failure> {
                Err(web::Failure::Busy)
            }

            async fn apply(&self) -> Result<(), Vec<setup::Fault>> {
                Ok(())
            }

            async fn applying(&self, _: setup::Purpose) -> web::Applying {
                web::Applying::Not
            }

            fn forget_approval(&self) {}
        }
    };
}

pub(crate) use {owned, wizard};
