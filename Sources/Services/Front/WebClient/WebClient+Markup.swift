extension WebClient {
    /// The whole page.
    static let markup = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <meta name="color-scheme" content="light dark">
        <title>Madang 마당</title>
        <link rel="icon" href="data:,">
        <style>\#(style)</style>
        </head>
        <body>
        <noscript>Madang needs JavaScript. 마당은 자바스크립트가 필요합니다.</noscript>

        <main id="entry" hidden>
          <form id="entry-form">
            <h1>마당 <small>Madang</small></h1>
            <p data-t="tagline"></p>
            <label><span data-t="userId"></span>
              <input id="entry-user" name="username" autocomplete="username" autocapitalize="none" spellcheck="false"
                maxlength="128" required></label>
            <label id="entry-name-row" hidden><span data-t="userName"></span>
              <input id="entry-name" name="name" autocomplete="nickname" maxlength="128"></label>
            <label><span data-t="password"></span>
              <input id="entry-password" name="password" type="password" autocomplete="current-password" maxlength="256"
                required></label>
            <p id="entry-error" class="error" role="alert"></p>
            <button id="entry-submit" class="primary" type="submit"></button>
            <button id="entry-switch" class="quiet" type="button"></button>
            <button class="language quiet" type="button"></button>
          </form>
        </main>

        <div id="app" hidden>
          <nav id="side" aria-label="rooms">
            <header>
              <div><strong id="me-name"></strong><span id="me-id" class="faint"></span></div>
              <button class="language quiet" type="button"></button>
              <button id="log-out" class="quiet" type="button" data-t="logOut"></button>
            </header>
            <div id="link" class="link" role="status"></div>
            <button id="new-room" class="primary" type="button" data-t="newRoom"></button>
            <h2 data-t="myRooms"></h2>
            <ul id="my-rooms" class="rooms"></ul>
            <h2 data-t="openRooms"></h2>
            <ul id="open-rooms" class="rooms"></ul>
          </nav>

          <section id="room" aria-live="off">
            <p id="room-none" class="faint" data-t="chooseRoom"></p>
            <div id="room-view" hidden>
              <header>
                <button id="room-back" class="quiet" type="button" data-t="back"></button>
                <div class="grow"><strong id="room-name"></strong> <span id="room-about" class="faint"></span></div>
                <button id="room-people" class="quiet" type="button" data-t="people"></button>
                <button id="room-join" type="button" data-t="join"></button>
                <button id="room-invite" class="quiet" type="button" data-t="invite"></button>
                <button id="room-leave" class="quiet" type="button" data-t="leave"></button>
              </header>
              <div id="scroll" tabindex="0">
                <p id="older" class="faint center"></p>
                <ol id="events" role="log"></ol>
                <ol id="pending"></ol>
              </div>
              <p id="typing" class="faint"></p>
              <button id="newest" class="primary" type="button" data-t="newest" hidden></button>
              <form id="compose">
                <textarea id="compose-text" rows="1" enterkeyhint="send"></textarea>
                <button class="primary" type="submit" data-t="send"></button>
              </form>
            </div>
          </section>
        </div>

        <dialog id="make">
          <form id="make-form">
            <h2 data-t="newRoom"></h2>
            <label><span data-t="kind"></span>
              <select id="make-kind">
                <option value="group" data-t="kind_group"></option>
                <option value="direct" data-t="kind_direct"></option>
                <option value="open" data-t="kind_open"></option>
                <option value="announce" data-t="kind_announce"></option>
              </select></label>
            <p id="make-about" class="faint"></p>
            <label id="make-name-row"><span data-t="roomName"></span><input id="make-name" maxlength="128"></label>
            <label><span data-t="withPeople"></span>
              <input id="make-people" autocapitalize="none" spellcheck="false"></label>
            <p id="make-error" class="error" role="alert"></p>
            <div class="row">
              <button id="make-cancel" class="quiet" type="button" data-t="cancel"></button>
              <button class="primary" type="submit" data-t="create"></button>
            </div>
          </form>
        </dialog>

        <dialog id="people">
          <form method="dialog">
            <h2 data-t="people"></h2>
            <ul id="people-list"></ul>
            <div class="row"><button class="primary" data-t="close"></button></div>
          </form>
        </dialog>

        <dialog id="invite">
          <form id="invite-form">
            <h2 data-t="invite"></h2>
            <label><span data-t="withPeople"></span>
              <input id="invite-people" autocapitalize="none" spellcheck="false" required></label>
            <p id="invite-error" class="error" role="alert"></p>
            <div class="row">
              <button id="invite-cancel" class="quiet" type="button" data-t="cancel"></button>
              <button class="primary" type="submit" data-t="invite"></button>
            </div>
          </form>
        </dialog>

        <div id="toasts" role="status" aria-live="polite"></div>
        <script>\#(script)</script>
        </body>
        </html>
        """#
}
