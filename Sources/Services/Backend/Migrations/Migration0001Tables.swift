extension Migration {
    /// Tables; why is said in its comments.
    static let number1 = Migration(number: 1, name: "tables", sql: tablesSQL)
}

private let tablesSQL = #"""
    -- The chat's tables (CONTRACT section 5). Rows speak of a person by a private number, so that erasing somebody is
    -- one row of app_user; rooms and events are never removed, so that ids and seqs are never used again.

    -- One row: facts about the database as a whole.
    CREATE TABLE chat.database (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        -- Goes up when the database comes back with less than it had confirmed (CONTRACT, Epoch).
        epoch bigint NOT NULL DEFAULT 1,
        -- The last id given to a room. A row and not a sequence: what is rolled back leaves no gap, the first room is
        -- 1.
        last_room_id bigint NOT NULL DEFAULT 0
    );
    INSERT INTO chat.database DEFAULT VALUES;

    -- Who writes what comes of a partition (GUARANTEES, rule 2).
    CREATE TABLE chat.lane (
        incarnation text COLLATE "C",
        topic text COLLATE "C",
        partition integer,
        epoch bigint NOT NULL,
        next_offset bigint NOT NULL,
        answered_offset bigint NOT NULL,
        PRIMARY KEY (incarnation, topic, partition)
    ) WITH (fillfactor = 50);

    CREATE TABLE chat.app_user (
        person bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        user_id text COLLATE "C" NOT NULL UNIQUE,
        user_name text NOT NULL,
        user_status text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL,
        -- The SCRAM verifier, sealed with the key of --session-key, in base64; empty: nobody logs in with a password.
        credential text NOT NULL,
        -- The sign-up's id, so that its record answers the same when it is read again.
        message_id uuid
    );

    CREATE TABLE chat.session (
        session_id text COLLATE "C" PRIMARY KEY,
        person bigint NOT NULL,
        client text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        ended_at timestamptz
    );
    CREATE INDEX session_of_person ON chat.session (person);

    CREATE TABLE chat.room (
        room_id bigint PRIMARY KEY,
        -- Moved by every batch: with room in the page and no index on them the row is updated in place (HOT).
        last_seq bigint NOT NULL DEFAULT 0,
        last_message_seq bigint NOT NULL DEFAULT 0,
        last_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        closed_at timestamptz,
        operators_only boolean NOT NULL DEFAULT false,
        kind text NOT NULL CHECK (kind IN ('direct', 'group', 'open', 'announce')),
        room_name text NOT NULL,
        -- What the fact of its making says, however the room changes later; the owner stands first.
        first_name text NOT NULL,
        first_members bigint[] NOT NULL,
        -- The pair of a direct room, the smaller number first.
        direct_low bigint,
        direct_high bigint
    ) WITH (fillfactor = 50);
    CREATE UNIQUE INDEX room_of_pair ON chat.room (direct_low, direct_high) WHERE direct_low IS NOT NULL;
    CREATE INDEX room_to_find ON chat.room (room_id) WHERE kind = 'open' AND closed_at IS NULL;

    CREATE TABLE chat.participant (
        room_id bigint,
        user_id text COLLATE "C",
        person bigint NOT NULL,
        role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
        last_read_seq bigint NOT NULL DEFAULT 0,
        joined_at timestamptz NOT NULL,
        -- The seq of the JOIN, 0 for who was there from the start, and the place among those.
        joined_seq bigint NOT NULL DEFAULT 0,
        joined_place integer NOT NULL DEFAULT 0,
        notifications_muted boolean NOT NULL DEFAULT false,
        muted_until timestamptz,
        -- The last read.move that moved, to be told again with the same words.
        read_message_id uuid,
        read_from bigint,
        read_to bigint,
        PRIMARY KEY (room_id, user_id)
    ) WITH (fillfactor = 70);
    CREATE INDEX participant_of_person ON chat.participant (person);

    CREATE TABLE chat.event (
        room_id bigint,
        seq bigint,
        created_at timestamptz NOT NULL,
        person bigint NOT NULL,
        message_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        body text,
        reply_to bigint,
        mentions bigint[],
        -- Of a command whose id is derived from an idempotency key: what was asked (ARCHITECTURE: 16 octets of
        -- SHA-256).
        request_hash bytea,
        target_seq bigint,
        target_person bigint,
        role text,
        room_name text,
        emoji text,
        turned_on boolean,
        edited_at timestamptz,
        PRIMARY KEY (room_id, seq)
    );
    CREATE UNIQUE INDEX event_of_message ON chat.event (room_id, message_id);

    -- Outcomes of commands that are not simply the one event with their id: refusals, nothing changed, several events,
    -- rooms made (room_id 0).
    CREATE TABLE chat.answer (
        message_id uuid,
        room_id bigint,
        -- 0 for somebody unknown.
        person bigint NOT NULL,
        at timestamptz NOT NULL,
        first_seq bigint,
        last_seq bigint,
        made_room_id bigint,
        is_new_room boolean,
        request_hash bytea,
        code text,
        words text,
        PRIMARY KEY (message_id, room_id)
    );

    CREATE TABLE chat.friend (
        person bigint,
        friend bigint,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (person, friend)
    );

    CREATE TABLE chat.drawer (
        person bigint,
        room_id bigint,
        seq bigint,
        saved_at timestamptz NOT NULL,
        PRIMARY KEY (person, room_id, seq)
    );

    CREATE TABLE chat.notification (
        person bigint,
        room_id bigint,
        seq bigint,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (person, room_id, seq)
    );

    -- For people with a SQL prompt.
    CREATE VIEW chat.message AS
        SELECT e.room_id, e.seq, e.message_id, u.user_id, e.body, e.created_at
        FROM chat.event e JOIN chat.app_user u ON u.person = e.person
        WHERE e.type = 'MESSAGE';
    """#
