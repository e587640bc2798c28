extension WebClient {
    /// Entering, the list of rooms, the connection.
    static let app = #"""
        // Entering, the list of rooms, the connection.

        let me = null;
        let link = null;
        let rooms = [];
        let openRooms = [];
        let isSigningUp = false;
        let attempts = 0;
        let retryTimer = null;
        let listTimer = null;

        function translate() {
          document.documentElement.lang = language;
          for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
          for (const node of document.querySelectorAll('.language')) node.textContent = t('otherLanguage');
          $('compose-text').placeholder = t('writeHere');
          $('compose-text').setAttribute('aria-label', t('writeHere'));
          $('entry-submit').textContent = t(isSigningUp ? 'signUp' : 'logIn');
          $('entry-switch').textContent = t(isSigningUp ? 'toLogIn' : 'toSignUp');
          $('entry-name-row').hidden = !isSigningUp;
          $('entry-password').autocomplete = isSigningUp ? 'new-password' : 'current-password';
          $('make-about').textContent = t('about_' + $('make-kind').value);
          showRooms();
          describeRoom();
        }

        async function enter(event) {
          event.preventDefault();
          const userId = $('entry-user').value.trim().normalize('NFC');
          const password = $('entry-password').value;
          $('entry-error').textContent = '';
          $('entry-submit').disabled = true;
          try {
            if (isSigningUp) {
              await api('POST', '/users', { userId, userName: $('entry-name').value.trim() || userId, password });
              isSigningUp = false;
            }
            const session = await api('POST', '/sessions', { userId, password });
            $('entry-password').value = '';
            me = { userId: session.userId, userName: session.userName };
            memory.set('me', JSON.stringify(me));
            await enterApp();
          } catch (refusal) {
            $('entry-error').textContent = explain(refusal);
          } finally {
            $('entry-submit').disabled = false;
            translate();
          }
        }

        async function enterApp() {
          $('entry').hidden = true;
          $('app').hidden = false;
          $('me-name').textContent = me.userName;
          $('me-id').textContent = me.userId;
          await refreshRooms();
          connect();
          clearInterval(listTimer);
          listTimer = setInterval(() => { if (!document.hidden) refreshRooms(); }, 20000);
          followAddress();
        }

        function leaveApp(why) {
          me = null;
          memory.set('me', null);
          clearTimeout(retryTimer);
          clearInterval(listTimer);
          closeRoom();
          link?.close();
          link = null;
          rooms = [];
          openRooms = [];
          pending.length = 0;
          $('app').hidden = true;
          $('entry').hidden = false;
          $('entry-error').textContent = why ?? '';
          $('entry-user').focus();
        }

        async function refreshRooms() {
          try {
            const [mine, open] = await Promise.all([apiList('/rooms', 'rooms'), apiList('/rooms?kind=open', 'rooms')]);
            if (!me) return;
            rooms = mine;
            openRooms = open;
            showRooms();
            describeRoom();
            tellRead();
          } catch (refusal) {
            if (refusal.status !== 401 && refusal.status !== 0) toast(explain(refusal));
          }
        }

        function showRooms() {
          const item = (room, isMine) => {
            const node = button('', '', () => { location.hash = `room=${room.roomId}`; });
            node.append(element('span', 'name', nameOf(room)));
            const unread = isMine && room.roomId !== timeline?.roomId ? room.unread : 0;
            if (unread) node.append(element('span', 'badge', unread > 999 ? '999+' : String(unread)));
            const last = room.lastMessage;
            let line = t('kind_' + room.kind);
            if (last) line = last.deleted ? t('deleted') : `${last.writer ?? ''}: ${last.message ?? ''}`;
            node.append(element('span', 'last', line.slice(0, 120)));
            node.setAttribute('aria-current', String(room.roomId === timeline?.roomId));
            const entry = element('li');
            entry.append(node);
            return entry;
          };
          const others = openRooms.filter((room) => !rooms.some((mine) => mine.roomId === room.roomId));
          const fill = (list, items) => {
            list.replaceChildren(...(items.length ? items : [element('li', 'faint center', t('none'))]));
          };
          fill($('my-rooms'), rooms.map((room) => item(room, true)));
          fill($('open-rooms'), others.map((room) => item(room, false)));
          const unreadOf = (room) => (room.roomId === timeline?.roomId ? 0 : room.unread ?? 0);
          const unread = rooms.reduce((sum, room) => sum + unreadOf(room), 0);
          document.title = (unread ? `(${unread}) ` : '') + 'Madang 마당';
        }

        // A live event of the open room, or a notice of another one, moves its room up.
        function noteInList(event) {
          const room = rooms.find((one) => one.roomId === event.roomId);
          if (!room) { if (event.type === 'NOTIFICATION') refreshRooms(); return; }
          room.lastSeq = Math.max(room.lastSeq ?? 0, event.seq ?? 0);
          if (event.type === 'MESSAGE' || event.type === 'NOTIFICATION') {
            room.lastMessage = { writer: event.writer, message: event.message };
            if (event.type === 'NOTIFICATION') room.unread = event.unread ?? (room.unread ?? 0) + 1;
          }
          rooms = [room, ...rooms.filter((one) => one !== room)];
          showRooms();
        }

        function connect() {
          clearTimeout(retryTimer);
          if (!me || link) return;
          showLink('linking');
          link = new Stomp({
            connected() {
              attempts = 0;
              showLink('linked');
              link.send('SUBSCRIBE', { id: 'errors', destination: '/user/queue/errors' });
              link.send('SUBSCRIBE', { id: 'notices', destination: '/user/queue/notifications', receipt: 'notices' });
              if (timeline) timeline.isSubscribed = false;
              subscribe();
              resend();
            },
            message(headers, body) {
              let data;
              try { data = JSON.parse(body); } catch { return; }
              if (headers.subscription === 'errors') onError(data);
              else if (headers.subscription === 'notices') { if (data.type === 'NOTIFICATION') noteInList(data); }
              else if (headers.subscription === `room-${subscription}` && timeline) onEvent(data);
            },
            receipt(headers) {
              const id = headers['receipt-id'] ?? '';
              if (id.startsWith('send-')) onStored(id.slice(5));
            },
            error(headers, body) {
              let error = { code: headers.message, message: headers.message };
              try { error = JSON.parse(body).error ?? error; } catch { /* Not JSON. */ }
              if ((headers['receipt-id'] ?? '').startsWith('send-')) onRefused(headers['receipt-id'].slice(5), error);
              else if (error.code !== 'unauthenticated') toast(explain(error));
            },
            closed(code) {
              link = null;
              if (!me) return;
              if (code === 4401) { leaveApp(t('sessionEnded')); return; }
              retry();
            },
          });
        }

        // Tries again soon, then more and more seldom, not all clients at once.
        function retry() {
          const seconds = Math.min(10, 0.5 * 2 ** attempts) * (0.75 + Math.random() / 2);
          attempts += 1;
          showLink('unlinked', Math.ceil(seconds));
          clearTimeout(retryTimer);
          retryTimer = setTimeout(async () => {
            // A session that has ended in the meantime: 401 leads to the log-in.
            if (attempts > 1) { try { await api('GET', '/rooms?limit=1'); } catch { /* Tells by itself. */ } }
            connect();
          }, seconds * 1000);
        }

        function onError(data) {
          const id = data.receiptId ?? '';
          if (id.startsWith('send-')) onRefused(id.slice(5), data.error, data.retryAfter);
          else if (id.startsWith('read-')) readTold = -1;
          else if (id === 'notices') return;
          else if (id.startsWith('sub-') && timeline) { toast(explain(data.error)); timeline.isSubscribed = false; }
          else toast(explain(data.error));
        }

        function showLink(state, ...values) {
          $('link').textContent = t(state, ...values);
          $('link').classList.toggle('down', state === 'unlinked');
        }

        // The address names the room, so that a reload and the back button work.
        function followAddress() {
          if (!me) return;
          const match = /^#room=(\d{1,15})$/.exec(location.hash);
          if (match) openRoom(Number(match[1])).then(showRooms); else closeRoom();
          showRooms();
        }

        const idsIn = (text) => text.split(/[\s,]+/).filter(Boolean).map((id) => id.normalize('NFC'));

        async function makeRoom(event) {
          event.preventDefault();
          $('make-error').textContent = '';
          const kind = $('make-kind').value;
          try {
            const userIds = idsIn($('make-people').value);
            // A room without a name is called after its people.
            const roomName = $('make-name').value.trim() || [me.userName, ...userIds].join(', ').slice(0, 60);
            const room = await apiOnce('POST', '/rooms', { roomName, kind, userIds });
            $('make').close();
            $('make-form').reset();
            translate();
            await refreshRooms();
            location.hash = `room=${room.roomId}`;
          } catch (refusal) {
            $('make-error').textContent = explain(refusal);
          }
        }

        async function invite(event) {
          event.preventDefault();
          $('invite-error').textContent = '';
          try {
            const userIds = idsIn($('invite-people').value);
            await apiOnce('POST', `/chat/${timeline.roomId}/participants`, { userIds });
            $('invite').close();
            $('invite-form').reset();
          } catch (refusal) {
            $('invite-error').textContent = explain(refusal);
          }
        }

        async function joinRoom() {
          try {
            await apiOnce('POST', `/chat/${timeline.roomId}/participants`, { userIds: ['me'] });
            await refreshRooms();
          } catch (refusal) { toast(explain(refusal)); }
        }

        async function leaveRoom() {
          if (!timeline || !confirm(t('leaveSure'))) return;
          try {
            await apiOnce('DELETE', `/chat/${timeline.roomId}/participants/me`);
            location.hash = '';
            await refreshRooms();
          } catch (refusal) { toast(explain(refusal)); }
        }

        async function showPeople() {
          try {
            const people = await apiList(`/chat/${timeline.roomId}/participants`, 'participants');
            $('people-list').replaceChildren(...people.map((person) => {
              const item = element('li');
              item.append(element('span', person.online ? 'dot on' : 'dot'), element('span', 'grow', person.userName));
              item.append(element('span', 'faint', `${person.userId} · ${t('role_' + person.role)}`));
              return item;
            }));
            $('people').showModal();
          } catch (refusal) { toast(explain(refusal)); }
        }

        function compose(event) {
          event?.preventDefault();
          const box = $('compose-text');
          if (!timeline || !box.value.trim()) return;
          if (say(box.value)) { box.value = ''; grow(); }
        }

        function grow() {
          const box = $('compose-text');
          box.style.height = 'auto';
          box.style.height = `${box.scrollHeight + 2}px`;
        }

        $('entry-form').addEventListener('submit', enter);
        $('entry-switch').addEventListener('click', () => { isSigningUp = !isSigningUp; translate(); });
        for (const node of document.querySelectorAll('.language')) {
          node.addEventListener('click', () => {
            language = language === 'ko' ? 'en' : 'ko';
            memory.set('language', language);
            translate();
          });
        }
        $('log-out').addEventListener('click', async () => {
          try { await api('DELETE', '/sessions/current'); } catch { /* It ends here all the same. */ }
          leaveApp();
        });
        $('new-room').addEventListener('click', () => $('make').showModal());
        $('make-kind').addEventListener('change', () => {
          $('make-name-row').hidden = $('make-kind').value === 'direct';
          translate();
        });
        $('make-form').addEventListener('submit', makeRoom);
        $('make-cancel').addEventListener('click', () => $('make').close());
        $('invite-form').addEventListener('submit', invite);
        $('invite-cancel').addEventListener('click', () => $('invite').close());
        $('room-invite').addEventListener('click', () => $('invite').showModal());
        $('room-join').addEventListener('click', joinRoom);
        $('room-leave').addEventListener('click', leaveRoom);
        $('room-people').addEventListener('click', showPeople);
        $('room-back').addEventListener('click', () => { location.hash = ''; });
        $('newest').addEventListener('click', scrollDown);
        $('scroll').addEventListener('scroll', () => {
          if ($('scroll').scrollTop < 120) loadOlder();
          if (isScrolledDown()) $('newest').hidden = true;
        }, { passive: true });
        $('compose').addEventListener('submit', compose);
        $('compose-text').addEventListener('input', grow);
        $('compose-text').addEventListener('keydown', (event) => {
          // Enter ends the composition of a Korean syllable first (isComposing; 229 in older Safari).
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) compose(event);
        });
        addEventListener('hashchange', followAddress);
        addEventListener('online', () => { if (me && !link) { attempts = 0; connect(); } });
        document.addEventListener('visibilitychange', () => {
          if (document.hidden || !me) return;
          if (!link) connect();
          refreshRooms();
        });

        try { me = JSON.parse(memory.get('me') ?? 'null'); } catch { me = null; }
        translate();
        if (me) enterApp(); else leaveApp();
        """#
}
