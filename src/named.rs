//! Enums whose values are called by a name outside of the program: in the store, in addresses, on the wire.

/// `named! { pub enum Role { Viewer = "viewer", … } }` is that enum with `ALL`, `name` and
/// `from_name`. A name stands beside its value, so none is forgotten and none is read otherwise than it is written.
macro_rules! named {
    ($(#[$enum_attribute:meta])* $vis:vis enum $name:ident {
        $($(#[$attribute:meta])* $value:ident = $text:literal),+ $(,)?
    }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $(#[$enum_attribute])*
        $vis enum $name { $($(#[$attribute])* $value),+ }

        #[allow(dead_code, reason = "not every enum is both written and read")]
        impl $name {
            /// Every value, in the order in which they are declared.
            $vis const ALL: [$name; [$($text),+].len()] = [$($name::$value),+];

            /// What it is called outside of the program.
            $vis const fn name(self) -> &'static str {
                match self {
                    $($name::$value => $text),+
                }
            }

            /// The value of that name; `None` for any other text.
            $vis fn from_name(name: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|value| value.name() == name)
            }
        }
    };
}
