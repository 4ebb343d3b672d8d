//! Where the notebook runs. There is one kind so far, and room for more.

use super::{Page, parts};
use maud::{Markup, html};
use setup::Field;

pub(super) fn fields(page: &Page<'_>) -> Markup {
    let name = Field::Runtime.as_str();
    let kinds = [(
        "colab",
        page.pick("Google Colab", "Google Colab"),
        page.pick(
            "A machine at Google, started by the notebook. Free, or with a paid plan.",
            "ノートブックから起動する Google のマシンです。無料でも有料プランでも使えます。",
        ),
    )];
    html! {
        p.lead {
            (page.pick(
                "The device keeps the notebook’s page open in a browser. The notebook itself runs elsewhere.",
                "この機器はブラウザーでノートブックのページを開き続けます。ノートブック自体は別の場所で実行されます。",
            ))
        }
        fieldset id=(name) aria-describedby=[parts::described(page, Field::Runtime)] {
            legend { (page.pick("Runtime", "実行環境")) }
            (parts::fault(page, Field::Runtime))
            div.cards {
                @for (value, title, what) in kinds {
                    @let id = format!("{name}-{value}");
                    div.card {
                        input id=(id) type="radio" name=(name) value=(value) required
                            checked[page.text(Field::Runtime) == value];
                        label for=(id) {
                            strong { (title) }
                            span { (what) }
                        }
                    }
                }
            }
        }
    }
}
