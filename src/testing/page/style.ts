/**
 * The page's looks.
 *
 * @module
 */

/** The page's style sheet. */
export const STYLE = `:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7fb, #11131a);
  --card: light-dark(#fff, #191c26);
  --line: light-dark(#dfe2ec, #2b3040);
  --text: light-dark(#1a1d29, #e7e9f2);
  --soft: light-dark(#5b6178, #9aa1b9);
  --accent: light-dark(#3c57d8, #8da2ff);
  --on-accent: light-dark(#fff, #10131f);
  --good: light-dark(#16734a, #57d19b);
  --warn: light-dark(#8a5a00, #e9b949);
  --bad: light-dark(#b3261e, #ff8a80);
  --row: light-dark(#eef1fb, #222739);
  --string: light-dark(#0f6b50, #7fd8b4);
  --digits: light-dark(#8a4b00, #f0b36b);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
* { box-sizing: border-box; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1, h2, h3, p { margin: 0; }
h1 { font-size: 1.15rem; display: flex; gap: .5rem; align-items: center; }
h1 svg { color: var(--accent); }
h2 { font-size: 1rem; }
h3 { font-size: .8rem; color: var(--soft); margin-top: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .9rem 1.25rem; }
.where { display: flex; gap: .5rem; align-items: center; min-width: 0; }
.where code { overflow: hidden; text-overflow: ellipsis; }
.state { margin-left: auto; color: var(--soft); font-size: .85rem; display: flex; align-items: center; gap: .4rem; }
.dot { width: .6rem; height: .6rem; border-radius: 50%; background: var(--warn); }
.dot.on { background: var(--good); }
code, pre, textarea, td.path, .mono { font-family: var(--mono); font-size: .85rem; }
.tabs { display: flex; gap: .25rem; padding: 0 1.25rem; border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
.tabs button { border: 0; background: none; border-radius: 0; padding: .6rem .8rem; color: var(--soft); border-bottom: 2px solid transparent; white-space: nowrap; }
.tabs button[aria-selected="true"] { color: var(--text); border-bottom-color: var(--accent); font-weight: 600; }
.count { font-size: .75rem; background: var(--row); border-radius: 1rem; padding: .05rem .5rem; }
main { padding: 1rem 1.25rem 3rem; outline: none; }
.bar { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-bottom: .75rem; }
.grow { flex: 1 1 14rem; min-width: 0; }
.check { display: flex; gap: .4rem; align-items: center; color: var(--soft); }
input[type="checkbox"] { width: 1.1rem; height: 1.1rem; accent-color: var(--accent); }
input, select, textarea, button { font: inherit; color: inherit; }
input:not([type="checkbox"]):not([type="file"]), select, textarea { width: 100%; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .6rem; }
button, .file { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .8rem; cursor: pointer; }
button:hover, .file:hover { border-color: var(--accent); }
button:disabled { opacity: .5; cursor: default; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.danger { color: var(--bad); }
button.quiet { border-color: transparent; background: none; padding: .2rem .5rem; color: var(--soft); }
.file input { position: absolute; opacity: 0; width: 1px; height: 1px; }
:is(button, input, select, textarea, a, tr, .file):focus-visible, .file:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
.card, .scroll, aside { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
.card { padding: 1rem; margin-bottom: 1rem; }
.card > p { color: var(--soft); margin-top: .4rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; margin-top: .75rem; }
.fields label { display: grid; gap: .25rem; color: var(--soft); font-size: .85rem; }
.fields label.grow { grid-column: 1 / -1; }
.fields :is(input, select, textarea) { color: var(--text); font-size: .95rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .75rem; }
.scroll { overflow: auto; max-height: calc(100vh - 15rem); min-width: 0; }
.card .scroll { max-height: 60vh; margin-top: .75rem; }
.card .empty { padding: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .45rem .75rem; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--card); color: var(--soft); font-size: .8rem; font-weight: 600; }
tbody tr:last-child td { border-bottom: 0; }
tbody tr:has(button.link) { cursor: pointer; }
tbody tr:has(button.link):hover, tbody tr[aria-current] { background: var(--row); }
td.path { max-width: 0; width: 99%; overflow: hidden; text-overflow: ellipsis; }
button.link { border: 0; padding: 0; margin: 0; background: none; border-radius: .25rem; font: inherit; text-align: left; }
p button.link { color: var(--accent); text-decoration: underline; }
.soft { color: var(--soft); }
.badge { display: inline-block; border-radius: .4rem; padding: 0 .45rem; font-size: .85rem; font-weight: 600; background: color-mix(in srgb, currentColor 12%, transparent); }
.badge.plain { color: var(--soft); font-weight: 400; }
.totals { color: var(--soft); font-size: .85rem; margin: -.25rem 0 .5rem; min-height: 1.3rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.method { font-weight: 700; font-size: .8rem; color: var(--soft); }
.method.post, .method.put, .method.patch { color: var(--accent); }
.method.delete { color: var(--bad); }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.split { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; }
.split.open { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
aside { padding: 1rem; overflow: auto; max-height: calc(100vh - 15rem); min-width: 0; }
pre { background: var(--page); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem; margin: .3rem 0 0; overflow: auto; max-height: 22rem; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .15rem .75rem; margin: 0; font-size: .9rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
#record-table td { max-width: 22rem; overflow: hidden; text-overflow: ellipsis; font-size: .85rem; }
#record-json { max-height: none; }
.key { color: var(--accent); } .string { color: var(--string); } .digits { color: var(--digits); } .word { color: var(--bad); }
.below { margin-top: .75rem; color: var(--soft); }
.list { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
.list li { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .6rem .8rem; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.list small { flex-basis: 100%; color: var(--warn); }
.empty { color: var(--soft); padding: 1rem; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem; z-index: 1; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (min-width: 1000px) {
  .cards { columns: 2; column-gap: 1rem; }
  .cards .card { break-inside: avoid; }
}
@media (max-width: 800px) {
  /* one thing at a time: Close leads back to the table */
  .split.open { grid-template-columns: minmax(0, 1fr); }
  .split.open .scroll { display: none; }
  .scroll, aside { max-height: none; }
}
@media (max-width: 480px) {
  header, main { padding-inline: .75rem; }
  header { gap: .25rem .75rem; padding-block: .75rem .5rem; }
  .state { order: 1; }
  .where { order: 2; flex-basis: 100%; }
  .tabs { padding-inline: .25rem; gap: 0; font-size: .875rem; }
  .tabs button { padding-inline: .4rem; }
  .count { padding-inline: .35rem; }
  .fields { grid-template-columns: 1fr 1fr; }
  .bar .grow { flex-basis: 100%; }
  .bar label:not(.grow, .check) { flex-basis: 100%; }
  .bar h2.grow { flex-basis: 0; overflow-wrap: anywhere; }
  .bar .check { flex: 1; }
  th, td { padding: .45rem .4rem; }
  .wide, td.path .soft { display: none; }
  td.path { white-space: normal; overflow-wrap: anywhere; }
}
@media (prefers-reduced-motion: no-preference) {
  #request-rows tr.new { animation: arrive 1s; }
  @keyframes arrive { from { background: var(--row); } }
}
`;
