/**
 * The page's structure.
 *
 * @module
 */

/** The page, as HTML. */
export const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Avala emulator</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 14 8 2l6 12h-3L8 8l-3 6z' fill='%234f6df5'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/-/style.css">
<script type="module" src="/-/main.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
  <h1><svg aria-hidden="true" viewBox="0 0 16 16" width="22" height="22"><path d="M2 14 8 2l6 12h-3L8 8l-3 6z" fill="currentColor"/></svg> Avala emulator</h1>
  <p class="where"><code id="address"></code> <button type="button" class="quiet" id="copy">Copy</button></p>
  <p class="state"><span id="dot" class="dot" aria-hidden="true"></span><span id="connection" role="status">Connecting</span></p>
</header>
<div class="tabs" role="tablist" aria-label="Views">
  <button type="button" role="tab" id="tab-requests" aria-controls="requests" aria-selected="true">Requests <span class="count" id="request-count">0</span></button>
  <button type="button" role="tab" id="tab-records" aria-controls="records" aria-selected="false" tabindex="-1">Records</button>
  <button type="button" role="tab" id="tab-faults" aria-controls="faults" aria-selected="false" tabindex="-1">Faults <span class="count" id="fault-count" hidden></span></button>
  <button type="button" role="tab" id="tab-world" aria-controls="world" aria-selected="false" tabindex="-1">Events &amp; time</button>
</div>
<main id="main" tabindex="-1">
<section id="requests" role="tabpanel" aria-labelledby="tab-requests">
  <div class="bar">
    <label class="grow"><span class="sr">Filter requests</span><input id="filter" type="search" placeholder="Filter by method, path or status" autocomplete="off" spellcheck="false"></label>
    <label class="check"><input id="follow" type="checkbox" checked> Newest first</label>
    <button type="button" id="clear">Clear</button>
  </div>
  <p id="totals" class="totals"></p>
  <p id="told" class="sr" role="status"></p>
  <div class="split">
    <div class="scroll">
      <table id="request-table">
        <caption class="sr">Requests as they happen</caption>
        <thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col" class="number">Status</th><th scope="col" class="number wide">Time</th><th scope="col" class="number wide">Retry</th></tr></thead>
        <tbody id="request-rows"></tbody>
      </table>
      <div id="no-requests" class="empty">
        <p><strong>No request yet.</strong> Point a client here, or <button type="button" id="first" class="link">send a first request</button> from this page.</p>
        <pre id="snippet" tabindex="0" aria-label="How to point a client here"></pre>
      </div>
    </div>
    <aside id="detail" aria-label="The chosen request" hidden>
      <div class="bar"><h2 id="detail-title" class="grow"></h2><button type="button" class="quiet" id="close-detail" aria-label="Close the request">✕</button></div>
      <dl id="detail-facts"></dl>
      <h3>Response body</h3><pre id="detail-response-body" tabindex="0" aria-label="Response body"></pre>
      <h3>Response headers</h3><dl id="detail-response-headers" class="mono"></dl>
      <h3>Request body</h3><pre id="detail-body" tabindex="0" aria-label="Request body"></pre>
      <h3>Request headers</h3><dl id="detail-headers" class="mono"></dl>
      <p class="actions"><button type="button" id="detail-fault">Add a fault for requests like this</button></p>
    </aside>
  </div>
</section>
<section id="records" role="tabpanel" aria-labelledby="tab-records" hidden>
  <div class="bar">
    <label><span class="sr">Collection</span><select id="collection"></select></label>
    <label class="grow"><span class="sr">Search records</span><input id="search" type="search" placeholder="Search all fields" autocomplete="off" spellcheck="false"></label>
    <button type="button" id="refresh">Refresh</button>
  </div>
  <div class="split" id="record-split">
    <div class="scroll"><table id="record-table"><caption class="sr">Records</caption><thead></thead><tbody></tbody></table></div>
    <aside id="record" aria-label="The chosen record" hidden>
      <div class="bar"><h2 id="record-title" class="grow"></h2><button type="button" class="quiet" id="close-record" aria-label="Close the record">✕</button></div>
      <pre id="record-json" tabindex="0" aria-label="The record as JSON"></pre>
    </aside>
  </div>
  <div class="bar below"><button type="button" id="previous">Previous</button><button type="button" id="next">Next</button><span id="record-count" role="status"></span></div>
</section>
<section id="faults" role="tabpanel" aria-labelledby="tab-faults" hidden>
  <form id="fault-form" class="card">
    <h2>Add a fault</h2>
    <div class="fields">
      <label>Kind <select name="kind">
        <option value="status">Error status</option>
        <option value="delay">Delay</option>
        <option value="loseAnswer">Lost response (it is processed)</option>
        <option value="drop">Cut before it is processed</option>
        <option value="truncate">Cut in the middle of the body</option>
        <option value="hang">Hang</option>
      </select></label>
      <label data-for="status">Status <input name="status" type="number" min="200" max="599" value="503"></label>
      <label data-for="status">Retry-After (s) <input name="retryAfter" type="number" min="0" placeholder="none"></label>
      <label data-for="delay">Milliseconds <input name="delay" type="number" min="0" value="2000"></label>
      <label>Method <select name="method"><option value="">any</option><option>GET</option><option>POST</option><option>PUT</option><option>PATCH</option><option>DELETE</option></select></label>
      <label>Path contains <input name="path" type="text" placeholder="/datasets/" spellcheck="false"></label>
      <label>Times <input name="times" type="number" min="1" value="1"></label>
    </div>
    <p class="actions"><button class="primary">Add the fault</button> <span id="fault-message" role="status"></span></p>
  </form>
  <ul id="fault-list" class="list" aria-label="Faults"></ul>
  <p id="no-faults" class="empty">No faults: every request is answered as usual.</p>
</section>
<section id="world" class="cards" role="tabpanel" aria-labelledby="tab-world" hidden>
  <form id="event-form" class="card">
    <h2>Announce an event</h2>
    <p>Webhooks and agents that listen to it are told.</p>
    <div class="fields">
      <label>Event <input name="event" list="events" value="task.completed" spellcheck="false"></label>
      <datalist id="events"><option>dataset.created</option><option>dataset.updated</option><option>dataset.deleted</option><option>export.completed</option><option>export.failed</option><option>task.completed</option><option>result.submitted</option><option>result.accepted</option><option>result.rejected</option></datalist>
      <label class="grow">Payload (JSON) <textarea name="payload" rows="4" spellcheck="false">{ "task_uid": "t-1" }</textarea></label>
    </div>
    <p class="actions"><button class="primary">Announce</button> <span id="event-message" role="status"></span></p>
  </form>
  <form id="time-form" class="card">
    <h2>Skip time</h2>
    <p>Jobs go on, addresses and rate limits expire, and nobody waits. It is <time id="now"></time>.</p>
    <div class="fields"><label>Seconds <input name="seconds" type="number" min="0" value="60"></label></div>
    <p class="actions"><button class="primary">Skip</button> <span id="time-message" role="status"></span></p>
  </form>
  <div class="card">
    <h2>Snapshot</h2>
    <p>Keeps every record and file, but no faults and no log.</p>
    <p class="actions"><button type="button" id="snapshot">Take a snapshot</button> <button type="button" id="restore" disabled>Restore it</button> <button type="button" id="download">Save as JSON</button> <label class="file">Restore from a file <input id="upload" type="file" accept="application/json"></label> <button type="button" id="reset" class="danger">Back to the start</button></p>
    <p id="snapshot-message" role="status"></p>
  </div>
  <div class="card">
    <h2>Webhook deliveries</h2>
    <div class="scroll"><table id="delivery-table"><caption class="sr">Webhook deliveries</caption><thead><tr><th scope="col">Event</th><th scope="col">State</th><th scope="col" class="number">Status</th><th scope="col" class="number">Attempts</th><th scope="col">Last change</th></tr></thead><tbody id="deliveries"></tbody></table></div>
    <p id="no-deliveries" class="empty">None yet.</p>
  </div>
</section>
</main>
</body>
</html>
`;
