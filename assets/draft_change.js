// By how much the draft at the right just changed, in net money as the tip at the pointer foretells it: for four seconds,
// and said once to a screen reader. What is a change of another client or month on screen is none of the draft.
import { createElement as h, useEffect, useRef, useState } from "react";
import { money } from "./week_calendar.js";

const MILLISECONDS_SHOWN = 4000;

export function DraftChange({ of, net, prefix, decimals }) {
  const [change, setChange] = useState(0);
  const before = useRef({ of, net });

  useEffect(() => {
    const { of: whose, net: was } = before.current;
    before.current = { of, net };
    setChange(of && whose === of ? net - was : 0);
    const over = setTimeout(() => setChange(0), MILLISECONDS_SHOWN);
    return () => clearTimeout(over);
  }, [of, net]);

  const amount = money(Math.abs(change), { currency_prefix: prefix, decimals });
  return h("span", { className: "just", role: "status" }, change !== 0 && h("span", { className: "chip st-ok" }, "just updated ", h("b", null, `${change > 0 ? "+" : "−"}${amount}`)));
}
