extension WebClient {
    /// The room at hand: history, live events by `since` and `epoch`, sending under an idempotency-key.
    static let room = #"""
        // The room at hand: history, live events, sending.

        const pageEvents = 50;
        const messageOctetsMax = 65536;
        let timeline = null;
        let subscription = 0;
        const pending = [];

        async function openRoom(roomId) {
          if (timeline?.roomId === roomId) { showRoom(); return; }
          closeRoom();
          const fresh = new Timeline(roomId);
          timeline = fresh;
          showRoom();
          $('older').textContent = t('loading');
          try {
            const record = await history(roomId, '');
            if (timeline !== fresh) return;
            fill(fresh, record);
          } catch (refusal) {
            if (timeline !== fresh) return;
            closeRoom();
            toast(explain(refusal));
            return;
          }
          subscribe();
          resend();
        }

        async function history(roomId, query) {
          const data = await api('GET', `/chat/${roomId}?limit=${pageEvents}${query}`);
          return data.chatRecord;
        }

        function fill(line, record) {
          line.epoch = record.epoch;
          const events = record.chatMessage.filter((event) => event.type !== 'RESET');
          for (const event of events) line.add(event);
          line.cursor = Math.max(line.cursor, events.at(-1)?.seq ?? record.lastSeq ?? 0);
          noteStart(line, events.length);
          scrollDown();
          tellRead();
        }

        function noteStart(line, got) {
          line.isAtStart = line.oldest <= 1 || got === 0;
          $('older').textContent = line.isAtStart ? t('start') : t('loadOlder');
        }

        async function loadOlder() {
          const line = timeline;
          if (!line || line.isLoading || line.isAtStart || !line.order.length) return;
          line.isLoading = true;
          $('older').textContent = t('loading');
          try {
            const record = await history(line.roomId, `&before=${line.oldest}`);
            if (timeline !== line) return;
            const box = $('scroll');
            const below = box.scrollHeight - box.scrollTop;
            const events = record.chatMessage.filter((event) => event.type !== 'RESET');
            for (const event of events) line.add(event);
            noteStart(line, events.length);
            box.scrollTop = box.scrollHeight - below;
          } catch (refusal) {
            toast(explain(refusal));
            $('older').textContent = t('loadOlder');
          } finally {
            line.isLoading = false;
          }
        }

        // The events after the last one seen, then live (`since`, `epoch`).
        function subscribe() {
          if (!timeline || !timeline.epoch || !link?.isConnected) return;
          unsubscribe();
          subscription += 1;
          link.send('SUBSCRIBE', {
            id: `room-${subscription}`, destination: `/sub/chat/room/${timeline.roomId}`, since: timeline.cursor,
            epoch: timeline.epoch, receipt: `sub-${subscription}`,
          });
          timeline.isSubscribed = true;
        }

        function unsubscribe() {
          if (timeline?.isSubscribed && link?.isConnected) link.send('UNSUBSCRIBE', { id: `room-${subscription}` });
          if (timeline) timeline.isSubscribed = false;
          // What is still on its way for the old number belongs nowhere.
          subscription += 1;
        }

        async function onEvent(event) {
          const line = timeline;
          if (event.type === 'RESET') { await onReset(line, event); return; }
          if (event.type === 'TYPING') { showTyping(event); return; }
          if (!event.seq || event.seq <= line.cursor || event.roomId !== line.roomId) return;
          if (event.seq > line.cursor + 1) { subscribe(); return; }
          line.cursor = event.seq;
          const isDown = isScrolledDown();
          const isMine = event.userId === me.userId;
          if (event.type === 'MESSAGE' && isMine) settle(event);
          line.add(event);
          if (isDown || (isMine && event.type === 'MESSAGE')) {
            line.trim();
            scrollDown();
          } else $('newest').hidden = false;
          noteInList(event);
          tellRead();
          if (event.type === 'CLOSE' || (event.type === 'LEAVE' && event.targetId === me.userId)) {
            line.isSubscribed = false;
            refreshRooms();
          }
          if (event.type === 'RENAME') { $('room-name').textContent = event.roomName; refreshRooms(); }
          if (event.type === 'JOIN' && event.targetId === me.userId) refreshRooms();
        }

        // The database came back with less than it had confirmed: what is shown may be wrong.
        async function onReset(line, event) {
          line.clear();
          line.epoch = event.epoch;
          line.cursor = event.lastSeq;
          toast(t('reset'));
          try {
            const record = await history(line.roomId, '');
            if (timeline === line) fill(line, record);
          } catch (refusal) {
            toast(explain(refusal));
          }
        }

        function say(text) {
          if (octets(text) > messageOctetsMax) { toast(t('code_too_large')); return false; }
          const entry = { key: newKey(), roomId: timeline.roomId, text, state: 'waiting', tries: 0 };
          pending.push(entry);
          transmit(entry);
          showPending();
          scrollDown();
          return true;
        }

        // The same key each time: however often it is sent, it is stored once.
        function transmit(entry) {
          entry.state = 'waiting';
          entry.why = '';
          if (!link?.isConnected) return;
          entry.tries += 1;
          link.send('SEND', {
            destination: `/pub/chat/room/${entry.roomId}`, 'content-type': 'text/plain', 'idempotency-key': entry.key,
            receipt: `send-${entry.key}`,
          }, entry.text);
        }

        function resend() {
          for (const entry of pending) if (entry.state === 'waiting') transmit(entry);
          showPending();
        }

        function forget(entry) {
          const place = pending.indexOf(entry);
          if (place >= 0) pending.splice(place, 1);
          showPending();
        }

        // RECEIPT means stored. The event itself comes on the subscription, before or after.
        function onStored(key) {
          const entry = pending.find((one) => one.key === key);
          if (!entry) return;
          const isHere = timeline?.roomId === entry.roomId && timeline.isSubscribed;
          entry.state = 'stored';
          setTimeout(() => forget(entry), isHere ? 2000 : 0);
          if (!rooms.some((room) => room.roomId === entry.roomId)) refreshRooms();
        }

        // My own event has come: the pending one of the same text, the oldest, is this one.
        function settle(event) {
          const isThis = (one) => one.roomId === event.roomId && one.text === event.message && one.state !== 'failed';
          const entry = pending.find(isThis);
          if (entry) { entry.state = 'stored'; forget(entry); }
        }

        async function onRefused(key, error, retryAfter) {
          const entry = pending.find((one) => one.key === key);
          if (!entry) return;
          const isOpen = ['not_confirmed', 'rate_limited', 'overloaded', 'unavailable'].includes(error.code);
          if (isOpen && entry.tries < 5) {
            await wait(Math.max((retryAfter ?? 0) * 1000, 1000));
            if (pending.includes(entry) && entry.state === 'waiting') transmit(entry);
            return;
          }
          entry.state = 'failed';
          entry.why = explain(error);
          showPending();
        }

        function showPending() {
          const here = pending.filter((entry) => entry.roomId === timeline?.roomId);
          $('pending').replaceChildren(...here.map((entry) => {
            const node = element('div', `message mine ${entry.state}`);
            const when = element('span', 'when', entry.state === 'failed' ? entry.why + ' ' : t('sending'));
            if (entry.state === 'stored') when.textContent = '';
            if (entry.state === 'failed') {
              when.append(
                button('', t('retry'), () => { entry.tries = 0; transmit(entry); showPending(); }),
                button('', t('discard'), () => forget(entry)));
            }
            node.append(element('div', 'bubble', entry.text), when);
            const item = element('li');
            item.append(node);
            return item;
          }));
        }

        let readTold = 0;
        let readTimer = null;
        function tellRead() {
          if (readTimer || readTold < 0 || document.hidden) return;
          readTimer = setTimeout(() => {
            readTimer = null;
            const line = timeline;
            const isMember = rooms.some((room) => room.roomId === line?.roomId);
            if (!line || !isMember || !link?.isConnected || line.readTold === line.cursor || !line.cursor) return;
            line.readTold = line.cursor;
            link.send('SEND', {
              destination: '/pub/chat/read', 'content-type': 'application/json', receipt: `read-${line.cursor}`,
            }, JSON.stringify({ roomId: line.roomId, seq: line.cursor }));
          }, 700);
        }

        let typingTimer = null;
        function showTyping(event) {
          if (event.userId === me.userId) return;
          $('typing').textContent = t('typing', event.writer || event.userId);
          clearTimeout(typingTimer);
          typingTimer = setTimeout(() => { $('typing').textContent = ''; }, 4000);
        }

        const isScrolledDown = () => {
          const box = $('scroll');
          return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
        };

        function scrollDown() {
          const box = $('scroll');
          box.scrollTop = box.scrollHeight;
          $('newest').hidden = true;
        }

        function closeRoom() {
          unsubscribe();
          timeline = null;
          $('events').replaceChildren();
          $('pending').replaceChildren();
          $('older').textContent = '';
          $('typing').textContent = '';
          $('newest').hidden = true;
          $('room-view').hidden = true;
          $('room-none').hidden = false;
          $('app').classList.remove('in-room');
        }

        function showRoom() {
          $('room-view').hidden = false;
          $('room-none').hidden = true;
          $('app').classList.add('in-room');
          describeRoom();
          showPending();
          if (matchMedia('(min-width: 44rem)').matches) $('compose-text').focus();
        }

        function describeRoom() {
          if (!timeline) return;
          const mine = rooms.find((room) => room.roomId === timeline.roomId);
          const room = mine ?? openRooms.find((one) => one.roomId === timeline.roomId);
          const kind = room?.kind;
          $('room-name').textContent = nameOf(room) || `#${timeline.roomId}`;
          $('room-about').textContent = kind ? t('kind_' + kind) : '';
          $('room-join').hidden = Boolean(mine) || kind !== 'open';
          $('room-leave').hidden = !mine || kind === 'direct';
          const isLeader = ['owner', 'admin'].includes(mine?.role);
          $('room-invite').hidden = !mine || !(kind === 'group' || (kind === 'announce' && isLeader));
        }

        function nameOf(room) {
          if (!room) return '';
          return room.roomName || (room.kind === 'direct' ? `${t('direct')} ${room.roomId}` : `#${room.roomId}`);
        }
        """#
}
