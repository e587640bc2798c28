extension WebClient {
    /// What the page looks like, by day and by night.
    static let style = #"""
        :root {
          --back: #f4f1ea; --paper: #fffdf9; --ink: #22201c; --faint: #78716a; --line: #e2dccf; --mine: #fde59a;
          --accent: #b4540a; --accent-ink: #fff; --bad: #b3261e; --good: #2e7d32;
          font: 16px/1.5 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", sans-serif;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --back: #191714; --paper: #23201c; --ink: #efeae2; --faint: #a39b8f; --line: #3a352e; --mine: #5b4a14;
            --accent: #e08a3c; --accent-ink: #1b1206; --bad: #ff8a80; --good: #81c784;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html, body { height: 100%; margin: 0; }
        body { background: var(--back); color: var(--ink); overflow-wrap: anywhere; }
        button, input, select, textarea { font: inherit; color: inherit; }
        input, select, textarea {
          width: 100%; padding: .5rem .6rem; border: 1px solid var(--line); border-radius: .5rem;
            background: var(--back);
        }
        button { padding: .4rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper);
          cursor: pointer; white-space: nowrap; }
        button.primary { background: var(--accent); color: var(--accent-ink); border-color: var(--accent); }
        button.quiet { border-color: transparent; background: none; color: var(--faint); }
        button:disabled { opacity: .5; cursor: default; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        h1 { margin: 0; font-size: 1.8rem; }
        h2 { margin: 1rem .8rem .3rem; font-size: .8rem; color: var(--faint); font-weight: 600; }
        .faint, small { color: var(--faint); font-weight: normal; }
        .error { color: var(--bad); min-height: 1.5em; margin: 0; }
        .grow { flex: 1; min-width: 0; }
        .row { display: flex; gap: .5rem; justify-content: flex-end; }
        .center { text-align: center; }

        #entry { min-height: 100%; display: grid; place-items: center; padding: 1rem; }
        #entry form, dialog form { display: flex; flex-direction: column; gap: .7rem; }
        #entry form { width: min(22rem, 100%); padding: 2rem; background: var(--paper); border-radius: 1rem; }
        #entry p { margin: 0; }
        label span { font-size: .85rem; color: var(--faint); }

        #app { height: 100vh; height: 100dvh; display: grid; grid-template-columns: 19rem 1fr; }
        #side { border-right: 1px solid var(--line); overflow-y: auto; display: flex; flex-direction: column; }
        #side header, #room header { display: flex; align-items: center; gap: .3rem; padding: .6rem .8rem;
          border-bottom: 1px solid var(--line); }
        #side header div { flex: 1; min-width: 0; display: flex; flex-direction: column; line-height: 1.25; }
        #new-room { margin: .6rem .8rem 0; }
        .link { padding: .2rem .8rem; font-size: .8rem; color: var(--good); }
        .link.down { color: var(--bad); }
        .rooms { list-style: none; margin: 0; padding: 0 .4rem; }
        .rooms button { width: 100%; text-align: left; border-color: transparent; background: none; display: grid;
          grid-template-columns: 1fr auto; gap: 0 .5rem; line-height: 1.35; white-space: normal; }
        .rooms button:hover { background: var(--paper); }
        .rooms button[aria-current=true] { background: var(--paper); border-color: var(--line); }
        .rooms .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .rooms .last { grid-column: 1; font-size: .85rem; color: var(--faint); overflow: hidden;
          text-overflow: ellipsis;
          white-space: nowrap; }
        .badge { background: var(--accent); color: var(--accent-ink); border-radius: 1rem;
          padding: 0 .5rem; font-size: .8rem;
          align-self: center; }

        #room { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
        #room-none { margin: auto; }
        #room-view { flex: 1; display: flex; flex-direction: column; min-height: 0; position: relative; }
        #room-back { display: none; }
        #scroll { flex: 1; overflow-y: auto; padding: .8rem; overflow-anchor: none; }
        #events, #pending { list-style: none; margin: 0; padding: 0; }
        #older { margin: 0 0 .5rem; font-size: .85rem; }
        .day, .note { text-align: center; font-size: .8rem; color: var(--faint); margin: .7rem 0; }
        .message { display: grid; grid-template-columns: 2.2rem minmax(0, auto) auto 1fr; gap: 0 .5rem;
          margin-top: .5rem;
          align-items: end; }
        .message.follows { margin-top: .15rem; }
        .message.follows .face, .message.follows .who { display: none; }
        .face { grid-row: 1 / 3; align-self: start; width: 2.2rem; height: 2.2rem; border-radius: .8rem; display: grid;
          place-items: center; color: #fff; font-weight: 600; }
        .who { grid-column: 2 / 5; font-size: .8rem; color: var(--faint); }
        .bubble { grid-column: 2; background: var(--paper); border-radius: .9rem; padding: .4rem .75rem;
          white-space: pre-wrap;
          max-width: min(36rem, 68vw); width: fit-content; }
        .when { font-size: .7rem; color: var(--faint); white-space: nowrap; }
        .message.mine { grid-template-columns: 1fr auto minmax(0, auto); }
        .message.mine .face, .message.mine .who { display: none; }
        .message.mine .bubble { grid-column: 3; grid-row: 1; background: var(--mine); }
        .message.mine .when { grid-column: 2; grid-row: 1; }
        .message.gone .bubble { color: var(--faint); font-style: italic; background: none;
          border: 1px dashed var(--line); }
        .message.waiting .bubble { opacity: .6; }
        .message.failed .bubble { outline: 1px solid var(--bad); }
        .message.failed .when { color: var(--bad); }
        .message .when button { padding: 0 .3rem; font-size: .75rem; }
        #typing { margin: 0; padding: 0 .9rem; min-height: 1.4em; font-size: .8rem; }
        #newest { position: absolute; right: 1rem; bottom: 5rem; border-radius: 2rem; }
        #compose { display: flex; gap: .5rem; padding: .6rem .8rem calc(.6rem + env(safe-area-inset-bottom));
          border-top: 1px solid var(--line); }
        #compose textarea { resize: none; max-height: 10rem; }

        dialog { border: 1px solid var(--line); border-radius: 1rem; background: var(--paper); color: var(--ink);
          width: min(24rem, calc(100% - 2rem)); padding: 1.2rem; }
        dialog::backdrop { background: rgb(0 0 0 / .4); }
        dialog h2 { margin: 0; font-size: 1.1rem; color: inherit; }
        dialog p { margin: 0; }
        #people-list { margin: 0; padding: 0; list-style: none; max-height: 50vh; overflow-y: auto; }
        #people-list li { display: flex; gap: .5rem; padding: .2rem 0; }
        .dot { width: .55rem; height: .55rem; border-radius: 50%; align-self: center; background: var(--line); }
        .dot.on { background: var(--good); }
        #toasts { position: fixed; inset: auto 0 1rem; display: grid; justify-items: center; gap: .4rem;
          pointer-events: none; }
        #toasts div { background: var(--ink); color: var(--back); padding: .5rem 1rem; border-radius: .7rem;
          max-width: min(30rem, 92vw); }

        @media (max-width: 44rem) {
          #app { grid-template-columns: 1fr; }
          #room-back { display: inline; }
          #app.in-room #side { display: none; }
          #app:not(.in-room) #room { display: none; }
        }
        """#
}
