extension WebClient {
    /// What the page says, in Korean and English, and how it says it: as text, never as HTML.
    static let words = #"""
        // Words, in Korean and English.

        const texts = {
          en: {
            tagline: 'The courtyard where everyone meets.', userId: 'User id', userName: 'Name', password: 'Password',
            logIn: 'Log in', signUp: 'Sign up', toSignUp: 'New here? Sign up', toLogIn: 'Have an account? Log in',
            logOut: 'Log out', otherLanguage: '한국어', newRoom: 'New room', myRooms: 'My rooms', openRooms: 'Open rooms',
            chooseRoom: 'Choose a room, or make one.', back: '‹ Rooms', people: 'People', join: 'Join',
            invite: 'Invite',
            leave: 'Leave', newest: 'Newest ↓', send: 'Send', writeHere: 'Write a message', kind: 'Kind',
            kind_group: 'Group', kind_direct: 'Direct', kind_open: 'Open', kind_announce: 'Announcements',
            about_group: 'By invitation.', about_direct: 'You and one other person.',
            about_open: 'Anyone may read, and enter.', about_announce: 'Only owner and admins write.',
            roomName: 'Name of the room', withPeople: 'User ids, with commas between', cancel: 'Cancel',
            create: 'Create',
            close: 'Close', none: 'None yet', loadOlder: 'Scroll up for more', start: 'The room begins here.',
            loading: 'Loading…', linked: 'Connected', linking: 'Connecting…',
            unlinked: 'No connection. Trying again in {0} s',
            sending: 'sending', retry: 'Send again', discard: 'Discard', deleted: 'This message was deleted.',
            edited: 'edited', entered: '{0} came in.', invited: '{0} invited {1}.', left: '{0} left.',
            removed: '{0} removed {1}.', role: '{1} is now {2}.', renamed: '{0} renamed the room to “{1}”.',
            closed: '{0} closed the room.', typing: '{0} is writing…', reset: 'The history was loaded anew.',
            leaveSure: 'Leave this room?', direct: 'Direct room', me: 'me', role_owner: 'owner', role_admin: 'admin',
            role_member: 'member', sessionEnded: 'Your session has ended. Please log in.',
            code_offline: 'The server cannot be reached.', code_unauthenticated: 'User id or password is wrong.',
            code_not_a_member: 'You are not in this room.', code_forbidden: 'You may not do that.',
            code_already_exists: 'That exists already.', code_rate_limited: 'Too fast. Please wait a moment.',
            code_overloaded: 'The server is busy. Please try again.', code_unavailable: 'Not available just now.',
            code_not_found: 'There is no such person or thing.', code_not_confirmed: 'Not confirmed yet.',
            code_too_large: 'That is too long.', code_timeout: 'That took too long.',
          },
          ko: {
            tagline: '모두가 만나는 곳.', userId: '아이디', userName: '이름', password: '비밀번호',
            logIn: '로그인', signUp: '가입하기', toSignUp: '처음이신가요? 가입하기', toLogIn: '계정이 있으신가요? 로그인',
            logOut: '로그아웃', otherLanguage: 'English', newRoom: '새 채팅방', myRooms: '내 채팅방', openRooms: '오픈채팅방',
            chooseRoom: '채팅방을 고르거나 새로 만들어 보세요.', back: '‹ 목록', people: '참여자', join: '참여하기', invite: '초대',
            leave: '나가기', newest: '최신 메시지 ↓', send: '보내기', writeHere: '메시지를 입력하세요', kind: '종류',
            kind_group: '그룹', kind_direct: '1:1', kind_open: '오픈', kind_announce: '공지',
            about_group: '초대받은 사람만 들어옵니다.', about_direct: '나와 한 사람의 대화입니다.',
            about_open: '누구나 읽고 들어올 수 있습니다.', about_announce: '방장과 관리자만 글을 씁니다.',
            roomName: '채팅방 이름', withPeople: '아이디 (쉼표로 구분)', cancel: '취소', create: '만들기',
            close: '닫기', none: '아직 없습니다', loadOlder: '위로 올리면 더 보입니다', start: '대화의 시작입니다.',
            loading: '불러오는 중…', linked: '연결됨', linking: '연결하는 중…', unlinked: '연결이 끊겼습니다. {0}초 뒤에 다시 시도합니다',
            sending: '보내는 중', retry: '다시 보내기', discard: '지우기', deleted: '삭제된 메시지입니다.',
            edited: '수정됨', entered: '{0}님이 들어왔습니다.', invited: '{0}님이 {1}님을 초대했습니다.', left: '{0}님이 나갔습니다.',
            removed: '{0}님이 {1}님을 내보냈습니다.', role: '{1}님이 이제 {2}입니다.', renamed: '{0}님이 방 이름을 “{1}”(으)로 바꿨습니다.',
            closed: '{0}님이 채팅방을 닫았습니다.', typing: '{0}님이 입력하고 있습니다…', reset: '대화를 새로 불러왔습니다.',
            leaveSure: '이 채팅방에서 나갈까요?', direct: '1:1 채팅', me: '나', role_owner: '방장', role_admin: '관리자',
            role_member: '참여자', sessionEnded: '세션이 끝났습니다. 다시 로그인해 주세요.',
            code_offline: '서버에 연결할 수 없습니다.', code_unauthenticated: '아이디나 비밀번호가 맞지 않습니다.',
            code_not_a_member: '이 채팅방에 참여하고 있지 않습니다.', code_forbidden: '권한이 없습니다.',
            code_already_exists: '이미 있습니다.', code_rate_limited: '너무 빠릅니다. 잠시 기다려 주세요.',
            code_overloaded: '서버가 바쁩니다. 다시 시도해 주세요.', code_unavailable: '지금은 이용할 수 없습니다.',
            code_not_found: '그런 사람이나 항목이 없습니다.', code_not_confirmed: '아직 확인되지 않았습니다.',
            code_too_large: '너무 깁니다.', code_timeout: '시간이 초과되었습니다.',
          },
        };

        // What the page remembers: nothing that logs anyone in. The cookie is HttpOnly.
        const memory = {
          get(key) { try { return localStorage.getItem('madang.' + key); } catch { return null; } },
          set(key, value) {
            try {
              if (value === null) localStorage.removeItem('madang.' + key);
              else localStorage.setItem('madang.' + key, value);
            } catch { /* Storage may be off. */ }
          },
        };

        let language = memory.get('language') ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');

        function t(key, ...values) {
          const text = texts[language]?.[key] ?? texts.en[key] ?? key;
          return text.replace(/\{(\d)\}/g, (_, index) => values[index] ?? '');
        }

        const $ = (id) => document.getElementById(id);

        // Elements are made of text alone: nothing that came from anywhere is ever read as HTML.
        function element(name, className, text) {
          const node = document.createElement(name);
          if (className) node.className = className;
          if (text !== undefined) node.textContent = text;
          return node;
        }

        function button(className, text, act) {
          const node = element('button', className, text);
          node.type = 'button';
          node.addEventListener('click', act);
          return node;
        }

        function toast(text) {
          const node = element('div', '', text);
          $('toasts').append(node);
          setTimeout(() => node.remove(), 5000);
        }

        function explain(refusal) {
          const known = texts.en['code_' + refusal.code] ? t('code_' + refusal.code) : '';
          return known || refusal.message || refusal.code || 'error';
        }

        // randomUUID is there in secure contexts only.
        function newKey() {
          const bytes = crypto.getRandomValues(new Uint8Array(16));
          return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
        }

        const octets = (text) => new TextEncoder().encode(text).length;
        const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
        """#
}
