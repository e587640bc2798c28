extension WebClient {
    /// The events on the screen.
    static let timeline = #"""
        // The events of the room at hand, by seq.

        class Timeline {
          constructor(roomId) {
            this.roomId = roomId;
            this.epoch = 0;
            this.cursor = 0;
            this.entries = new Map();
            this.order = [];
            this.isAtStart = false;
            this.isLoading = false;
          }

          get oldest() { return this.order[0] ?? this.cursor + 1; }

          add(event) {
            if (this.entries.has(event.seq)) return;
            if (event.type === 'EDIT' || event.type === 'DELETE') this.change(event);
            const node = render(event);
            this.entries.set(event.seq, { event, node });
            let place = this.order.length;
            while (place > 0 && this.order[place - 1] > event.seq) place -= 1;
            const after = this.order[place];
            this.order.splice(place, 0, event.seq);
            $('events').insertBefore(node, after === undefined ? null : this.entries.get(after).node);
            this.join(place);
            this.join(place + 1);
          }

          // An edit or a deletion that comes live changes what stands there.
          change(event) {
            const target = this.entries.get(event.targetSeq);
            if (!target) return;
            if (event.type === 'DELETE') {
              target.event.deleted = true;
              delete target.event.message;
            } else if (event.message !== undefined) {
              target.event.message = event.message;
              target.event.editedAt = event.createdAt;
            }
            const fresh = render(target.event);
            target.node.replaceWith(fresh);
            target.node = fresh;
            this.join(this.order.indexOf(event.targetSeq));
          }

          // A message right behind another of the same person shows no face; a new day shows its date.
          join(place) {
            const here = this.entries.get(this.order[place]);
            if (!here) return;
            let before = place - 1;
            while (before >= 0 && !isShown(this.entries.get(this.order[before]).event)) before -= 1;
            const previous = before >= 0 ? this.entries.get(this.order[before]).event : null;
            const day = dayOf(here.event.createdAt);
            const isNewDay = isShown(here.event) && (!previous || dayOf(previous.createdAt) !== day);
            here.node.querySelector('.day')?.remove();
            if (isNewDay) here.node.prepend(element('div', 'day', day));
            const follows = !isNewDay && previous?.type === 'MESSAGE' && previous.userId === here.event.userId
              && Date.parse(here.event.createdAt) - Date.parse(previous.createdAt) < 120000;
            here.node.querySelector('.message')?.classList.toggle('follows', follows);
          }

          clear() {
            this.entries.clear();
            this.order = [];
            this.isAtStart = false;
            $('events').replaceChildren();
          }

          // Keeps the page light: what is far above is loaded again when somebody scrolls there.
          trim() {
            while (this.order.length > 1500) {
              const seq = this.order.shift();
              this.entries.get(seq).node.remove();
              this.entries.delete(seq);
              this.isAtStart = false;
            }
          }
        }

        const isShown = (event) => !['EDIT', 'DELETE', 'REACTION', 'RESET'].includes(event.type);
        const dayOf = (time) => new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(new Date(time));
        const timeOf = (time) => new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(new Date(time));

        function render(event) {
          const item = element('li');
          if (event.type === 'MESSAGE') item.append(renderMessage(event));
          else if (isShown(event)) item.append(element('div', 'note', noteText(event)));
          return item;
        }

        function renderMessage(event) {
          const isMine = event.userId === me.userId;
          const name = event.writer || event.writerId || event.userId || '?';
          const node = element('div', 'message' + (isMine ? ' mine' : '') + (event.deleted ? ' gone' : ''));
          const face = element('span', 'face', [...name][0]);
          face.setAttribute('aria-hidden', 'true');
          face.style.backgroundColor = colourOf(event.userId ?? '');
          node.append(face, element('span', 'who', name));
          node.append(element('div', 'bubble', event.deleted ? t('deleted') : event.message ?? ''));
          const time = timeOf(event.createdAt);
          const when = element('span', 'when', event.editedAt && !event.deleted ? `${time} · ${t('edited')}` : time);
          when.title = new Date(event.createdAt).toLocaleString(language);
          node.append(when);
          return node;
        }

        function colourOf(id) {
          let hash = 7;
          for (const sign of id) hash = (hash * 31 + sign.codePointAt(0)) % 360;
          return `hsl(${hash} 45% 42%)`;
        }

        function noteText(event) {
          const who = event.writer || event.writerId || '?';
          const whom = event.targetName || event.targetId || '?';
          const isSelf = event.targetId === undefined || event.targetId === event.userId;
          switch (event.type) {
            case 'JOIN': return isSelf ? t('entered', who) : t('invited', who, whom);
            case 'LEAVE': return isSelf ? t('left', who) : t('removed', who, whom);
            case 'ROLE': return t('role', who, whom, t('role_' + event.role));
            case 'RENAME': return t('renamed', who, event.roomName);
            case 'CLOSE': return t('closed', who);
            default: return event.type;
          }
        }
        """#
}
