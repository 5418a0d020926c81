//! The bundled icons, white in the file and tinted when drawn.

use egui::{Color32, Image, ImageSource, Rect, Ui};

macro_rules! icons {
    ($($name:ident = $file:literal,)*) => {
        /// One icon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Icon { $($name,)* }

        impl Icon {
            fn source(self) -> ImageSource<'static> {
                match self {
                    $(Self::$name => ImageSource::Bytes {
                        uri: concat!("bytes://", $file, ".svg").into(),
                        bytes: egui::load::Bytes::Static(include_bytes!(concat!("../../assets/icons/", $file, ".svg"))),
                    },)*
                }
            }
        }
    };
}

icons! {
    Face = "scan-face",
    Card = "id-card",
    Staff = "concierge-bell",
    Shield = "shield-check",
    Check = "check",
    Arrow = "arrow-right",
    Down = "arrow-down-to-line",
    Large = "a-large-small",
    Contrast = "contrast",
    Home = "house",
    Alert = "circle-alert",
    Done = "circle-check",
    Camera = "camera",
    CameraOff = "camera-off",
    Clock = "clock",
    Register = "user-round-plus",
    Trash = "trash-2",
    Desk = "landmark",
    Hospital = "hospital",
    Building = "building-2",
    Erase = "delete",
    Retry = "refresh-cw",
    Info = "info",
    Loader = "loader-circle",
    Lock = "lock",
    Hand = "hand",
    Pause = "ban",
    File = "file-text",
    Printer = "printer",
    Person = "user-round",
    Phone = "smartphone",
    Voice = "volume-2",
    Softer = "volume-1",
    Silent = "ear-off",
    Low = "panel-bottom",
    Steps = "footprints",
    Faster = "rabbit",
    Slower = "turtle",
    Back = "arrow-left",
}

/// Draws an icon.
pub(super) fn paint(ui: &Ui, icon: Icon, rect: Rect, colour: Color32) {
    Image::new(icon.source()).tint(colour).fit_to_exact_size(rect.size()).paint_at(ui, rect);
}
