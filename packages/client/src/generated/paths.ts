// Generated from the API's OpenAPI document by packages/e2e/test/client/paths.test.ts.
// Regenerate it with: npm test -- client/paths -u

export interface paths {
    "/api/account-links/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read whose account a link is for
         * @description The link stays usable. Limited per caller address, as sign-ins are. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The part of the link after #. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            email: string;
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            name: string;
                            /** @enum {unknown} */
                            purpose: "invite" | "reset";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account-links/use": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the password of the account that a link is for
         * @description Ends the link and all sessions of the account. Sign in with the new password afterwards. Limited per caller address, as sign-ins are. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        password: string;
                        /** @description The part of the link after #. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description The password is set. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change your own password
         * @description Needs the current password, and ends all your other sessions. Limited per caller address, as sign-ins are.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        current_password: string;
                        new_password: string;
                    };
                };
            };
            responses: {
                /** @description Changed. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts with a role in a site
         * @description List the accounts with a role in a site.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description By e-mail address, at most 1000. */
                            items: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                email: string;
                                has_password: boolean;
                                /** @description It has signed in through the OpenID Connect issuer. */
                                has_single_sign_on: boolean;
                                id: string;
                                /** @description ISO 8601, UTC, to the minute: the last use of a live session; null without one. */
                                last_seen_at: string | null;
                                /** @description When its open link expires; null without one. */
                                link_expires_at: string | null;
                                /** @description You are admin of each of its sites, so you may disable it and make links for it. */
                                manageable: boolean;
                                name: string;
                                /**
                                 * @description Its role in the site.
                                 * @enum {unknown}
                                 */
                                role: "viewer" | "operator" | "admin";
                                /**
                                 * @description `invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.
                                 * @enum {unknown}
                                 */
                                state: "active" | "invited" | "disabled";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Invite a person to a site
         * @description Creates an account, and a link that works once within 7 days, by which its owner chooses a password. It is sent by e-mail where a mail server is configured. An account that you manage gets the role without a link. At most 50 links an hour, and 1000 accounts in a site. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Stored in lower case. */
                        email: string;
                        /** @description The e-mail address by default. */
                        name?: string;
                        /** @enum {unknown} */
                        role: "viewer" | "operator" | "admin";
                        /** @default 4 */
                        siteId?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                email: string;
                                has_password: boolean;
                                /** @description It has signed in through the OpenID Connect issuer. */
                                has_single_sign_on: boolean;
                                id: string;
                                /** @description ISO 8601, UTC, to the minute: the last use of a live session; null without one. */
                                last_seen_at: string | null;
                                /** @description When its open link expires; null without one. */
                                link_expires_at: string | null;
                                /** @description You are admin of each of its sites, so you may disable it and make links for it. */
                                manageable: boolean;
                                name: string;
                                /**
                                 * @description Its role in the site.
                                 * @enum {unknown}
                                 */
                                role: "viewer" | "operator" | "admin";
                                /**
                                 * @description `invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.
                                 * @enum {unknown}
                                 */
                                state: "active" | "invited" | "disabled";
                            };
                            /** @description The mail server took an e-mail with the link. */
                            emailed: boolean;
                            /** @description Works once. It is shown only here: only a digest is stored. Null if none is needed. */
                            link: string | null;
                            /** @description ISO 8601, UTC; null without a link. */
                            link_expires_at: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take the role of an account in a site away
         * @description Revokes its API keys of the site. The account and its roles in other sites stay.
         */
        delete: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Removed. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change the role of an account in a site
         * @description Takes effect everywhere within 5 seconds. The last admin who can sign in stays one.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        role: "viewer" | "operator" | "admin";
                        /** @default 4 */
                        siteId?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            email: string;
                            has_password: boolean;
                            /** @description It has signed in through the OpenID Connect issuer. */
                            has_single_sign_on: boolean;
                            id: string;
                            /** @description ISO 8601, UTC, to the minute: the last use of a live session; null without one. */
                            last_seen_at: string | null;
                            /** @description When its open link expires; null without one. */
                            link_expires_at: string | null;
                            /** @description You are admin of each of its sites, so you may disable it and make links for it. */
                            manageable: boolean;
                            name: string;
                            /**
                             * @description Its role in the site.
                             * @enum {unknown}
                             */
                            role: "viewer" | "operator" | "admin";
                            /**
                             * @description `invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.
                             * @enum {unknown}
                             */
                            state: "active" | "invited" | "disabled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/accounts/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable an account
         * @description It cannot sign in, its sessions end within 5 seconds, its links end, and its API keys do not work. Needs the role admin in each of its sites. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            email: string;
                            has_password: boolean;
                            /** @description It has signed in through the OpenID Connect issuer. */
                            has_single_sign_on: boolean;
                            id: string;
                            /** @description ISO 8601, UTC, to the minute: the last use of a live session; null without one. */
                            last_seen_at: string | null;
                            /** @description When its open link expires; null without one. */
                            link_expires_at: string | null;
                            /** @description You are admin of each of its sites, so you may disable it and make links for it. */
                            manageable: boolean;
                            name: string;
                            /**
                             * @description Its role in the site.
                             * @enum {unknown}
                             */
                            role: "viewer" | "operator" | "admin";
                            /**
                             * @description `invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.
                             * @enum {unknown}
                             */
                            state: "active" | "invited" | "disabled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable a disabled account
         * @description Its password and its API keys work again. Needs the role admin in each of its sites. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            email: string;
                            has_password: boolean;
                            /** @description It has signed in through the OpenID Connect issuer. */
                            has_single_sign_on: boolean;
                            id: string;
                            /** @description ISO 8601, UTC, to the minute: the last use of a live session; null without one. */
                            last_seen_at: string | null;
                            /** @description When its open link expires; null without one. */
                            link_expires_at: string | null;
                            /** @description You are admin of each of its sites, so you may disable it and make links for it. */
                            manageable: boolean;
                            name: string;
                            /**
                             * @description Its role in the site.
                             * @enum {unknown}
                             */
                            role: "viewer" | "operator" | "admin";
                            /**
                             * @description `invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.
                             * @enum {unknown}
                             */
                            state: "active" | "invited" | "disabled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link by which the owner of an account sets a new password
         * @description It works once within 24 hours (an invitation: 7 days) and replaces earlier links; the present password works until then. Needs the role admin in each of its sites. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                email: string;
                                has_password: boolean;
                                /** @description It has signed in through the OpenID Connect issuer. */
                                has_single_sign_on: boolean;
                                id: string;
                                /** @description ISO 8601, UTC, to the minute: the last use of a live session; null without one. */
                                last_seen_at: string | null;
                                /** @description When its open link expires; null without one. */
                                link_expires_at: string | null;
                                /** @description You are admin of each of its sites, so you may disable it and make links for it. */
                                manageable: boolean;
                                name: string;
                                /**
                                 * @description Its role in the site.
                                 * @enum {unknown}
                                 */
                                role: "viewer" | "operator" | "admin";
                                /**
                                 * @description `invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.
                                 * @enum {unknown}
                                 */
                                state: "active" | "invited" | "disabled";
                            };
                            /** @description The mail server took an e-mail with the link. */
                            emailed: boolean;
                            /** @description Works once. It is shown only here: only a digest is stored. Null if none is needed. */
                            link: string | null;
                            /** @description ISO 8601, UTC; null without a link. */
                            link_expires_at: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The alert rules of a site with their states
         * @description The alert rules of a site with their states.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Sorted by name. */
                            items: {
                                cooldown_seconds: number;
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                enabled: boolean;
                                evaluated_at: string | null;
                                filter: {
                                    destination_id: string | null;
                                    webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                                };
                                id: string;
                                /** @enum {unknown} */
                                kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                                /** @description The last notification. */
                                last_alert: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description The delivery that carries the notification. */
                                    delivery_id: string | null;
                                    email: {
                                        /** @description Why the last attempt failed. */
                                        error: string | null;
                                        /** @enum {unknown} */
                                        state: "waiting" | "sent" | "failed";
                                    } | null;
                                    /** @enum {unknown} */
                                    phase: "firing" | "resolved" | "test";
                                } | null;
                                /** @description When the rule last started to fire. */
                                last_fired_at: string | null;
                                last_resolved_at: string | null;
                                /** @description Result of the last evaluation; null before the first one, or if there was too little data. */
                                last_value: number | null;
                                minimum_count: number | null;
                                name: string;
                                notify: {
                                    destination_id: string | null;
                                    email: string[];
                                };
                                /** @description Why a notification of this rule would not arrive, why the last one did not, or why the rule never fires. */
                                problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone" | "notification_failed") | null;
                                siteId: number;
                                /**
                                 * @description resolved: the rule fired before, and its condition is no longer true.
                                 * @enum {unknown}
                                 */
                                state: "ok" | "firing" | "resolved";
                                /** @description Null if the kind has no threshold; so for all limits. */
                                threshold: number | null;
                                /** @description ISO 8601, UTC. */
                                updated_at: string;
                                window_seconds: number | null;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create an alert rule
         * @description A worker evaluates the rule about every 15 s. It notifies once when the rule fires, and once when the rule is resolved. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Seconds after a notification that the rule fires in which it sends no further one; 1800 by default. */
                        cooldown_seconds?: number;
                        /** @default true */
                        enabled?: boolean;
                        /** @description The deliveries that count; all of the site by default. */
                        filter?: {
                            destination_id?: string;
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type?: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                        /** @enum {unknown} */
                        kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                        /** @description failure_rate: the rule has no value with fewer exports in the window (20). */
                        minimum_count?: number;
                        /** @description Display name, unique in its site. Shown first in the notification. */
                        name: string;
                        /** @description Recipients: a saved destination of type custom, slack or discord, e-mail addresses, or both. */
                        notify: {
                            destination_id?: string;
                            email?: string[];
                        };
                        /** @default 4 */
                        siteId?: number;
                        /** @description The rule fires at this value. failure_rate: percent (20); dead_letters: deliveries (10); queue_age: fires above this many seconds (300); not_draining: growth of the backlog in deliveries (100). */
                        threshold?: number;
                        /** @description Time window in seconds, 60 to 86,400 (900); not_draining from 300. For failure_rate, dead_letters and not_draining. */
                        window_seconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cooldown_seconds: number;
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            enabled: boolean;
                            evaluated_at: string | null;
                            filter: {
                                destination_id: string | null;
                                webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                            };
                            id: string;
                            /** @enum {unknown} */
                            kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                            /** @description The last notification. */
                            last_alert: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description The delivery that carries the notification. */
                                delivery_id: string | null;
                                email: {
                                    /** @description Why the last attempt failed. */
                                    error: string | null;
                                    /** @enum {unknown} */
                                    state: "waiting" | "sent" | "failed";
                                } | null;
                                /** @enum {unknown} */
                                phase: "firing" | "resolved" | "test";
                            } | null;
                            /** @description When the rule last started to fire. */
                            last_fired_at: string | null;
                            last_resolved_at: string | null;
                            /** @description Result of the last evaluation; null before the first one, or if there was too little data. */
                            last_value: number | null;
                            minimum_count: number | null;
                            name: string;
                            notify: {
                                destination_id: string | null;
                                email: string[];
                            };
                            /** @description Why a notification of this rule would not arrive, why the last one did not, or why the rule never fires. */
                            problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone" | "notification_failed") | null;
                            siteId: number;
                            /**
                             * @description resolved: the rule fired before, and its condition is no longer true.
                             * @enum {unknown}
                             */
                            state: "ok" | "firing" | "resolved";
                            /** @description Null if the kind has no threshold; so for all limits. */
                            threshold: number | null;
                            /** @description ISO 8601, UTC. */
                            updated_at: string;
                            window_seconds: number | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/alert-rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One alert rule: its state, its last value, when it last fired
         * @description One alert rule: its state, its last value, when it last fired.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cooldown_seconds: number;
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            enabled: boolean;
                            evaluated_at: string | null;
                            filter: {
                                destination_id: string | null;
                                webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                            };
                            id: string;
                            /** @enum {unknown} */
                            kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                            /** @description The last notification. */
                            last_alert: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description The delivery that carries the notification. */
                                delivery_id: string | null;
                                email: {
                                    /** @description Why the last attempt failed. */
                                    error: string | null;
                                    /** @enum {unknown} */
                                    state: "waiting" | "sent" | "failed";
                                } | null;
                                /** @enum {unknown} */
                                phase: "firing" | "resolved" | "test";
                            } | null;
                            /** @description When the rule last started to fire. */
                            last_fired_at: string | null;
                            last_resolved_at: string | null;
                            /** @description Result of the last evaluation; null before the first one, or if there was too little data. */
                            last_value: number | null;
                            minimum_count: number | null;
                            name: string;
                            notify: {
                                destination_id: string | null;
                                email: string[];
                            };
                            /** @description Why a notification of this rule would not arrive, why the last one did not, or why the rule never fires. */
                            problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone" | "notification_failed") | null;
                            siteId: number;
                            /**
                             * @description resolved: the rule fired before, and its condition is no longer true.
                             * @enum {unknown}
                             */
                            state: "ok" | "firing" | "resolved";
                            /** @description Null if the kind has no threshold; so for all limits. */
                            threshold: number | null;
                            /** @description ISO 8601, UTC. */
                            updated_at: string;
                            window_seconds: number | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete an alert rule
         * @description The delivery log keeps its alerts.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change an alert rule, or disable and enable it
         * @description The kind of a rule cannot change. A worker evaluates the changed rule at once. `filter` and `notify` are replaced as a whole.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Seconds after a notification that the rule fires in which it sends no further one; 1800 by default. */
                        cooldown_seconds?: number;
                        /** @description Disabling a rule resets its state. */
                        enabled?: boolean;
                        /** @description The deliveries that count; all of the site by default. */
                        filter?: {
                            destination_id?: string;
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type?: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                        /** @description failure_rate: the rule has no value with fewer exports in the window (20). */
                        minimum_count?: number;
                        /** @description Display name, unique in its site. Shown first in the notification. */
                        name?: string;
                        /** @description Recipients: a saved destination of type custom, slack or discord, e-mail addresses, or both. */
                        notify?: {
                            destination_id?: string;
                            email?: string[];
                        };
                        /** @description The rule fires at this value. failure_rate: percent (20); dead_letters: deliveries (10); queue_age: fires above this many seconds (300); not_draining: growth of the backlog in deliveries (100). */
                        threshold?: number;
                        /** @description Time window in seconds, 60 to 86,400 (900); not_draining from 300. For failure_rate, dead_letters and not_draining. */
                        window_seconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cooldown_seconds: number;
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            enabled: boolean;
                            evaluated_at: string | null;
                            filter: {
                                destination_id: string | null;
                                webhook_type: ("custom" | "hubspot" | "salesforce" | "slack" | "discord") | null;
                            };
                            id: string;
                            /** @enum {unknown} */
                            kind: "failure_rate" | "dead_letters" | "destination_disabled" | "queue_age" | "not_draining";
                            /** @description The last notification. */
                            last_alert: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description The delivery that carries the notification. */
                                delivery_id: string | null;
                                email: {
                                    /** @description Why the last attempt failed. */
                                    error: string | null;
                                    /** @enum {unknown} */
                                    state: "waiting" | "sent" | "failed";
                                } | null;
                                /** @enum {unknown} */
                                phase: "firing" | "resolved" | "test";
                            } | null;
                            /** @description When the rule last started to fire. */
                            last_fired_at: string | null;
                            last_resolved_at: string | null;
                            /** @description Result of the last evaluation; null before the first one, or if there was too little data. */
                            last_value: number | null;
                            minimum_count: number | null;
                            name: string;
                            notify: {
                                destination_id: string | null;
                                email: string[];
                            };
                            /** @description Why a notification of this rule would not arrive, why the last one did not, or why the rule never fires. */
                            problem: ("nobody_is_told" | "destination_paused" | "destination_disabled" | "email_not_configured" | "watched_destination_gone" | "notification_failed") | null;
                            siteId: number;
                            /**
                             * @description resolved: the rule fired before, and its condition is no longer true.
                             * @enum {unknown}
                             */
                            state: "ok" | "firing" | "resolved";
                            /** @description Null if the kind has no threshold; so for all limits. */
                            threshold: number | null;
                            /** @description ISO 8601, UTC. */
                            updated_at: string;
                            window_seconds: number | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/alert-rules/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an alert that is marked as a test
         * @description Measures now and sends the result as an alert would be sent: as a delivery, as an e-mail, or both. The response contains the attempt. The rule keeps its state. Tests by e-mail are limited per person and per site. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null if no attempt was made within the wait. */
                            attempt: {
                                /**
                                 * @description What follows from the outcome.
                                 * @enum {unknown}
                                 */
                                decision: "delivered" | "retry" | "give_up";
                                duration_ms: number;
                                error: {
                                    code: string;
                                    message: string;
                                    remedy: string | null;
                                    /**
                                     * @description Who can correct the cause.
                                     * @enum {unknown}
                                     */
                                    responsible: "nobody" | "destination_owner" | "tool_administrator" | "receiver_operator" | "site_owner" | "installation_operator" | "developer";
                                } | null;
                                number: number;
                                /** @description Fields that the attempt left out because the receiver refused their values. */
                                omitted_fields: {
                                    /** @description The receiver’s error code. */
                                    code: string;
                                    /** @description The receiver’s name of the field. */
                                    field: string;
                                }[];
                                /** @description What the receiver or the egress proxy did: answered, timed_out, connection_failed, proxy_failed … */
                                outcome: string;
                                /** @description The receiver may have processed the request, although it sent no response. */
                                outcome_unknown: boolean;
                                /** @description The body that was sent, if it differs from `payload`: CRM modes build their own requests. */
                                request_body: string | null;
                                /** @description The headers that were sent; custom headers, tokens and signatures are masked. */
                                request_headers: {
                                    [key: string]: string;
                                } | null;
                                request_method: string | null;
                                /** @description The first 16 KiB at most. */
                                response_body: string | null;
                                /** @description Bytes read, at most 64 KiB. */
                                response_bytes: number;
                                /** @description Why reading of the body ended. */
                                response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                /** @description What is wrong with a response that counts because its status line is readable, for example a folded header or a body that could not be decoded. */
                                response_fault: string | null;
                                response_headers: {
                                    [key: string]: string;
                                } | null;
                                response_status: number | null;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                timings: {
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    connect_ms: number | null;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    dns_ms: number | null;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    first_byte_ms: number | null;
                                    /** @description The attempt reused an open connection. */
                                    reused_connection: boolean;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    tls_ms: number | null;
                                    total_ms: number;
                                } | null;
                            } | null;
                            /** @description Null if the rule names no destination. */
                            delivery: {
                                /** @description The alert rule of a notification; null for an export. */
                                alert_rule_id: string | null;
                                /** @description Oldest first. */
                                attempts: {
                                    /**
                                     * @description What follows from the outcome.
                                     * @enum {unknown}
                                     */
                                    decision: "delivered" | "retry" | "give_up";
                                    duration_ms: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        remedy: string | null;
                                        /**
                                         * @description Who can correct the cause.
                                         * @enum {unknown}
                                         */
                                        responsible: "nobody" | "destination_owner" | "tool_administrator" | "receiver_operator" | "site_owner" | "installation_operator" | "developer";
                                    } | null;
                                    number: number;
                                    /** @description Fields that the attempt left out because the receiver refused their values. */
                                    omitted_fields: {
                                        /** @description The receiver’s error code. */
                                        code: string;
                                        /** @description The receiver’s name of the field. */
                                        field: string;
                                    }[];
                                    /** @description What the receiver or the egress proxy did: answered, timed_out, connection_failed, proxy_failed … */
                                    outcome: string;
                                    /** @description The receiver may have processed the request, although it sent no response. */
                                    outcome_unknown: boolean;
                                    /** @description The body that was sent, if it differs from `payload`: CRM modes build their own requests. */
                                    request_body: string | null;
                                    /** @description The headers that were sent; custom headers, tokens and signatures are masked. */
                                    request_headers: {
                                        [key: string]: string;
                                    } | null;
                                    request_method: string | null;
                                    /** @description The first 16 KiB at most. */
                                    response_body: string | null;
                                    /** @description Bytes read, at most 64 KiB. */
                                    response_bytes: number;
                                    /** @description Why reading of the body ended. */
                                    response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                    /** @description What is wrong with a response that counts because its status line is readable, for example a folded header or a body that could not be decoded. */
                                    response_fault: string | null;
                                    response_headers: {
                                        [key: string]: string;
                                    } | null;
                                    response_status: number | null;
                                    /** @description ISO 8601, UTC. */
                                    started_at: string;
                                    timings: {
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        connect_ms: number | null;
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        dns_ms: number | null;
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        first_byte_ms: number | null;
                                        /** @description The attempt reused an open connection. */
                                        reused_connection: boolean;
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        tls_ms: number | null;
                                        total_ms: number;
                                    } | null;
                                }[];
                                /** @description The deliveries that were made from this one, newest first, at most ten. */
                                copies: {
                                    /** @description ISO 8601, UTC. */
                                    created_at: string;
                                    delivery_id: string;
                                    /** @enum {unknown} */
                                    status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                }[];
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivered_at: string | null;
                                delivery_id: string;
                                /** @description The saved destination; null for an ad-hoc URL. */
                                destination_id: string | null;
                                /** @description Fingerprint of the delivery’s failure group. */
                                failure: string | null;
                                ghost_vid: string;
                                /** @description The site’s own id of this visitor, such as an e-mail address; null if unknown. */
                                identified_user: string | null;
                                include_events: boolean;
                                include_journey: boolean;
                                last_error: {
                                    /** @description Stable cause code. */
                                    code: string;
                                    message: string;
                                    response_status: number | null;
                                } | null;
                                /** @description The delivery that this one was copied from. */
                                made_from: string | null;
                                /** @description Null once the delivery is finished. */
                                next_attempt: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /**
                                     * @description first: the first attempt of a series, due at once. schedule: the wait of the retry schedule. receiver_asked: the receiver asked for a longer wait (Retry-After).
                                     * @enum {unknown}
                                     */
                                    because: "first" | "schedule" | "receiver_asked";
                                    /** @description Number in the current series of attempts. */
                                    number: number;
                                    /** @description Number of attempts in the retry schedule. */
                                    of: number;
                                } | null;
                                next_attempt_at: string | null;
                                operation_id: string | null;
                                /** @description The stored payload that every attempt sends; CRM modes build their own requests from it. Null before the first attempt, and after the retention of payloads. */
                                payload: string | null;
                                /** @description Origin of the receiver, without path and query, which may be secret. */
                                receiver: string;
                                /** @description The record that the delivery wrote in a CRM; null for other destinations. */
                                record: {
                                    id: string;
                                    /** @description The record’s page in the CRM. */
                                    link: string | null;
                                    /** @description The CRM’s name of the object. */
                                    type: string;
                                } | null;
                                /** @description For a dead letter: the delivery made from it, or from a copy of it, that was delivered. */
                                recovered_by: string | null;
                                /** @description Whether this is a marked sample that tests a destination. */
                                sample: boolean;
                                siteId: number;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                /** @description What it waits for; null unless it is queued or retrying. */
                                wait: {
                                    /**
                                     * @description due: a worker. held: its receiver, which is left alone until a time. paused: its destination, its operation or its lane is paused. scheduled: the time of its next attempt.
                                     * @enum {unknown}
                                     */
                                    for: "due" | "held" | "paused" | "scheduled";
                                    until: string | null;
                                } | null;
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            } | null;
                            /** @description Null if the rule names no e-mail address. */
                            email: {
                                /** @description Why the last attempt failed. */
                                error: string | null;
                                /** @enum {unknown} */
                                state: "waiting" | "sent" | "failed";
                            } | null;
                            /** @description Without an attempt of a delivery: what it waits for. */
                            waits_for: {
                                /** @enum {unknown} */
                                code: "held" | "destination_paused" | "destination_disabled" | "operation_paused" | "lane_paused" | "breaker_open" | "throttled" | "waiting_for_retry" | "being_delivered" | "receiver_full" | "site_share" | "not_queued" | "behind_others" | "no_worker" | "queue_down" | "finished";
                                remedy: string | null;
                                /** @description A sentence. */
                                text: string;
                                until: string | null;
                            } | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys of a site
         * @description Without the keys themselves, which only their creators have.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first. Keys stay in it for 30 days after their end. */
                            items: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description E-mail address of its creator. */
                                created_by: string;
                                /** @description ISO 8601, UTC. */
                                expires_at: string;
                                id: string;
                                /** @description ISO 8601, UTC, to the minute; null if the key was not used yet. */
                                last_used_at: string | null;
                                name: string;
                                /** @description The first characters of the key, by which you recognise it. */
                                prefix: string;
                                /** @description ISO 8601, UTC; null if it is not revoked. */
                                revoked_at: string | null;
                                /**
                                 * @description Its role in the site. It never has more rights than its creator has at the time of a call.
                                 * @enum {unknown}
                                 */
                                role: "viewer" | "operator" | "admin";
                                /** @description The only site it can be used for. */
                                siteId: number;
                                /** @enum {unknown} */
                                state: "live" | "expired" | "revoked";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create an API key
         * @description A program sends it as `Authorization: Bearer gp_…`. It works for one site, with at most your own role there, until it expires or is revoked. A site has at most 100 live keys. A key cannot manage keys. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 90 */
                        expires_in_days?: number;
                        /** @description Unique among the live keys of the site. */
                        name: string;
                        /**
                         * @description At most your own role in the site.
                         * @enum {unknown}
                         */
                        role: "viewer" | "operator" | "admin";
                        /**
                         * @description Its site.
                         * @default 4
                         */
                        siteId?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            api_key: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description E-mail address of its creator. */
                                created_by: string;
                                /** @description ISO 8601, UTC. */
                                expires_at: string;
                                id: string;
                                /** @description ISO 8601, UTC, to the minute; null if the key was not used yet. */
                                last_used_at: string | null;
                                name: string;
                                /** @description The first characters of the key, by which you recognise it. */
                                prefix: string;
                                /** @description ISO 8601, UTC; null if it is not revoked. */
                                revoked_at: string | null;
                                /**
                                 * @description Its role in the site. It never has more rights than its creator has at the time of a call.
                                 * @enum {unknown}
                                 */
                                role: "viewer" | "operator" | "admin";
                                /** @description The only site it can be used for. */
                                siteId: number;
                                /** @enum {unknown} */
                                state: "live" | "expired" | "revoked";
                            };
                            /** @description The key itself, which is shown once: only a digest is stored. Send it as Authorization: Bearer. */
                            key: string;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It stops working everywhere within 3 seconds. You can revoke your own keys; an admin of the site can revoke all. Safe to repeat.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Revoked. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log, newest first
         * @description Lists the actions of users in the site and the sign-ins of its members; for an admin of every site also who paused and resumed lanes. Each entry is written in the transaction of its action.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only these actions, separated by commas. */
                    action?: string;
                    cursor?: string;
                    limit?: string;
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first. */
                            items: {
                                /** @enum {unknown} */
                                action: "alert_rule.created" | "alert_rule.updated" | "alert_rule.deleted" | "alert_rule.tested" | "account.created" | "account.invited" | "account.link_created" | "account.role_changed" | "account.removed" | "account.disabled" | "account.enabled" | "account.linked" | "api_key.created" | "api_key.revoked" | "session.created" | "session.refused" | "session.ended" | "password.changed" | "password.set" | "password.refused" | "destination.created" | "destination.updated" | "destination.deleted" | "destination.tested" | "destination.secret_rotated" | "receiver.breaker_closed" | "delivery.resent" | "delivery.re_exported" | "delivery.edited" | "delivery.cancelled" | "log.exported" | "failure_group.changed" | "operation.started" | "operation.paused" | "operation.resumed" | "operation.cancelled" | "lane.paused" | "lane.resumed" | "visitor.exported" | "visitor.erased" | "visitor.suppression_lifted";
                                /** @description The API key that the user’s program called with; null for the user themself. */
                                api_key: {
                                    id: string;
                                    name: string;
                                } | null;
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description Contains no secrets and no visitor data. */
                                details: {
                                    [key: string]: unknown;
                                };
                                id: string;
                                /** @description The caller’s address. */
                                ip: string;
                                /** @description The object’s id; a digest for a visitor, the host for a receiver. */
                                object_id: string | null;
                                /** @description session, account, api_key, destination, receiver, delivery, alert_rule, failure_group, operation, lane or visitor. */
                                object_type: string;
                                request_id: string;
                                /** @description Null for actions on an account, such as a sign-in. */
                                siteId: number | null;
                                /** @description Also null if the account was deleted. */
                                user_email: string | null;
                                /** @description The user; null if nobody was signed in. */
                                user_id: string | null;
                            }[];
                            /** @description Send it as `cursor` for the next, older page; null at the end. */
                            next_cursor: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a site
         * @description A delivery must match every part of the filter. Send `next` as `cursor` for the next, older page; a deep page costs the same as the first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Cause code of the last error. */
                    cause?: string;
                    /** @description The `next` of the previous page. */
                    cursor?: string;
                    destination_id?: string;
                    /** @description Unfinished deliveries whose next attempt is before this time. */
                    due_before?: string;
                    /** @description Fingerprint of a failure group. */
                    failure?: string;
                    /** @description Created at this time or later. */
                    from?: string;
                    /** @description Deliveries of this visitor. */
                    ghost_vid?: string;
                    /** @description Deliveries of the visitor with this id at the site, such as an e-mail address. */
                    identified_user?: string;
                    /** @description Unfinished deliveries of this lane. */
                    lane?: string;
                    /** @description 1 to 200; 50 by default. */
                    limit?: string;
                    operation_id?: string;
                    /** @description export: of a visitor. test: the sample of a destination’s test. alert: a notification. */
                    purpose?: string;
                    /** @description Host of the receiver. */
                    receiver?: string;
                    /** @description Dead letters of which a copy was delivered: yes, only them; no, all others; any. Without it, `failure` and the status `failed` leave them out. */
                    recovered?: string;
                    /** @description For example `404` or `5xx`; several are separated by commas. */
                    response_status?: string;
                    /** @description The site; 4 by default. */
                    siteId?: string;
                    /** @description created: newest first, the default. next_attempt: only unfinished deliveries, the one that is attempted next first. */
                    sort?: "created" | "next_attempt";
                    /** @description One or more, separated by commas. */
                    status?: string;
                    /** @description Search words: each must match the start of a word of the visitor’s name, company, id at the site (such as an e-mail address) or ghost_vid. Alternatively the id of a delivery. */
                    text?: string;
                    /** @description Created before this time. */
                    to?: string;
                    /** @description Queued and retrying deliveries by what they wait for. due: a worker. held: their receiver. paused: their destination, operation or lane. scheduled: the time of the next attempt. */
                    wait?: string;
                    /** @description One or more, separated by commas. */
                    webhook_type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first. */
                            items: {
                                /** @description The alert rule of a notification; null for an export. */
                                alert_rule_id: string | null;
                                attempts: number;
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivered_at: string | null;
                                delivery_id: string;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description Fingerprint of the delivery’s failure group. */
                                failure: string | null;
                                ghost_vid: string;
                                identified_user: string | null;
                                last_error: {
                                    /** @description Stable cause code. */
                                    code: string;
                                    message: string;
                                    response_status: number | null;
                                } | null;
                                /** @description Status of the newest attempt’s response; null if there was none. */
                                last_response_status: number | null;
                                next_attempt_at: string | null;
                                operation_id: string | null;
                                /** @description Host of the receiver. */
                                receiver: string;
                                /** @description For a dead letter: the delivery made from it that was delivered. */
                                recovered_by: string | null;
                                sample: boolean;
                                siteId: number;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                /** @description What it waits for; null unless it is queued or retrying. */
                                wait: {
                                    /**
                                     * @description due: a worker. held: its receiver, which is left alone until a time. paused: its destination, its operation or its lane is paused. scheduled: the time of its next attempt.
                                     * @enum {unknown}
                                     */
                                    for: "due" | "held" | "paused" | "scheduled";
                                    until: string | null;
                                } | null;
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                            /** @description Cursor of the next page; null at the end. A short or empty page can still have a next one. */
                            next: string | null;
                            /** @description How far back the search has looked, if it stopped before the page was full because few deliveries match. */
                            searched_back_to: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a delivery with all its attempts
         * @description Read a delivery with all its attempts.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The alert rule of a notification; null for an export. */
                            alert_rule_id: string | null;
                            /** @description Oldest first. */
                            attempts: {
                                /**
                                 * @description What follows from the outcome.
                                 * @enum {unknown}
                                 */
                                decision: "delivered" | "retry" | "give_up";
                                duration_ms: number;
                                error: {
                                    code: string;
                                    message: string;
                                    remedy: string | null;
                                    /**
                                     * @description Who can correct the cause.
                                     * @enum {unknown}
                                     */
                                    responsible: "nobody" | "destination_owner" | "tool_administrator" | "receiver_operator" | "site_owner" | "installation_operator" | "developer";
                                } | null;
                                number: number;
                                /** @description Fields that the attempt left out because the receiver refused their values. */
                                omitted_fields: {
                                    /** @description The receiver’s error code. */
                                    code: string;
                                    /** @description The receiver’s name of the field. */
                                    field: string;
                                }[];
                                /** @description What the receiver or the egress proxy did: answered, timed_out, connection_failed, proxy_failed … */
                                outcome: string;
                                /** @description The receiver may have processed the request, although it sent no response. */
                                outcome_unknown: boolean;
                                /** @description The body that was sent, if it differs from `payload`: CRM modes build their own requests. */
                                request_body: string | null;
                                /** @description The headers that were sent; custom headers, tokens and signatures are masked. */
                                request_headers: {
                                    [key: string]: string;
                                } | null;
                                request_method: string | null;
                                /** @description The first 16 KiB at most. */
                                response_body: string | null;
                                /** @description Bytes read, at most 64 KiB. */
                                response_bytes: number;
                                /** @description Why reading of the body ended. */
                                response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                /** @description What is wrong with a response that counts because its status line is readable, for example a folded header or a body that could not be decoded. */
                                response_fault: string | null;
                                response_headers: {
                                    [key: string]: string;
                                } | null;
                                response_status: number | null;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                timings: {
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    connect_ms: number | null;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    dns_ms: number | null;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    first_byte_ms: number | null;
                                    /** @description The attempt reused an open connection. */
                                    reused_connection: boolean;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    tls_ms: number | null;
                                    total_ms: number;
                                } | null;
                            }[];
                            /** @description The deliveries that were made from this one, newest first, at most ten. */
                            copies: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivery_id: string;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                            }[];
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            delivered_at: string | null;
                            delivery_id: string;
                            /** @description The saved destination; null for an ad-hoc URL. */
                            destination_id: string | null;
                            /** @description Fingerprint of the delivery’s failure group. */
                            failure: string | null;
                            ghost_vid: string;
                            /** @description The site’s own id of this visitor, such as an e-mail address; null if unknown. */
                            identified_user: string | null;
                            include_events: boolean;
                            include_journey: boolean;
                            last_error: {
                                /** @description Stable cause code. */
                                code: string;
                                message: string;
                                response_status: number | null;
                            } | null;
                            /** @description The delivery that this one was copied from. */
                            made_from: string | null;
                            /** @description Null once the delivery is finished. */
                            next_attempt: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /**
                                 * @description first: the first attempt of a series, due at once. schedule: the wait of the retry schedule. receiver_asked: the receiver asked for a longer wait (Retry-After).
                                 * @enum {unknown}
                                 */
                                because: "first" | "schedule" | "receiver_asked";
                                /** @description Number in the current series of attempts. */
                                number: number;
                                /** @description Number of attempts in the retry schedule. */
                                of: number;
                            } | null;
                            next_attempt_at: string | null;
                            operation_id: string | null;
                            /** @description The stored payload that every attempt sends; CRM modes build their own requests from it. Null before the first attempt, and after the retention of payloads. */
                            payload: string | null;
                            /** @description Origin of the receiver, without path and query, which may be secret. */
                            receiver: string;
                            /** @description The record that the delivery wrote in a CRM; null for other destinations. */
                            record: {
                                id: string;
                                /** @description The record’s page in the CRM. */
                                link: string | null;
                                /** @description The CRM’s name of the object. */
                                type: string;
                            } | null;
                            /** @description For a dead letter: the delivery made from it, or from a copy of it, that was delivered. */
                            recovered_by: string | null;
                            /** @description Whether this is a marked sample that tests a destination. */
                            sample: boolean;
                            siteId: number;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                            /** @description What it waits for; null unless it is queued or retrying. */
                            wait: {
                                /**
                                 * @description due: a worker. held: its receiver, which is left alone until a time. paused: its destination, its operation or its lane is paused. scheduled: the time of its next attempt.
                                 * @enum {unknown}
                                 */
                                for: "due" | "held" | "paused" | "scheduled";
                                until: string | null;
                            } | null;
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop trying
         * @description For a waiting delivery. A delivery that a worker is attempting right now cannot be cancelled. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery this one was copied from; null if it is the same delivery. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/close-breaker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the circuit breaker of a delivery’s receiver
         * @description Requests to the receiver are sent at once, without waiting until its circuit breaker lets one through. If the receiver still fails, the breaker opens again. A pause that the receiver asked for (Retry-After) stays. All deliveries of the site with the same circuit breaker are tried. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            breaker_before: "closed" | "open" | "half_open";
                            /** @description Due deliveries to the receiver that are tried now; at most 1000. The others follow by themselves. */
                            enqueued: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send other bytes instead
         * @description Makes a new delivery with the given payload to the same receiver. The old one stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A repeat with the same key and body within 24 h gets the first response again; with another body, 409. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The JSON body to send instead. */
                        payload: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery this one was copied from; null if it is the same delivery. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain why a delivery is in its state
         * @description Lists the reasons, the decisive one first, each with a remedy where there is one.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description Why the delivery is in its state, the decisive reason first. */
                            reasons: {
                                /** @enum {unknown} */
                                code: "held" | "destination_paused" | "destination_disabled" | "operation_paused" | "lane_paused" | "breaker_open" | "throttled" | "waiting_for_retry" | "being_delivered" | "receiver_full" | "site_share" | "not_queued" | "behind_others" | "no_worker" | "queue_down" | "finished";
                                remedy: string | null;
                                /** @description A sentence. */
                                text: string;
                                until: string | null;
                            }[];
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/re-export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export the same visitor once more, with fresh data
         * @description Makes a new delivery with its own id to the same receiver. The old one stays as it is.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A repeat with the same key and body within 24 h gets the first response again; with another body, 409. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery this one was copied from; null if it is the same delivery. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the stored bytes again
         * @description Starts a new series of attempts of the same delivery under the same webhook-id, by which a receiver can recognise it. A delivered delivery needs `confirm_duplicate`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A repeat with the same key and body within 24 h gets the first response again; with another body, 409. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description The delivery id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Required for a delivered delivery, because the receiver gets it again. */
                        confirm_duplicate?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            /** @description The delivery this one was copied from; null if it is the same delivery. */
                            made_from: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the deliveries a filter matches, up to a limit
         * @description Count the deliveries a filter matches, up to a limit.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Cause code of the last error. */
                    cause?: string;
                    destination_id?: string;
                    /** @description Unfinished deliveries whose next attempt is before this time. */
                    due_before?: string;
                    /** @description Fingerprint of a failure group. */
                    failure?: string;
                    /** @description Created at this time or later. */
                    from?: string;
                    /** @description Deliveries of this visitor. */
                    ghost_vid?: string;
                    /** @description Deliveries of the visitor with this id at the site, such as an e-mail address. */
                    identified_user?: string;
                    /** @description Unfinished deliveries of this lane. */
                    lane?: string;
                    operation_id?: string;
                    /** @description export: of a visitor. test: the sample of a destination’s test. alert: a notification. */
                    purpose?: string;
                    /** @description Host of the receiver. */
                    receiver?: string;
                    /** @description Dead letters of which a copy was delivered: yes, only them; no, all others; any. Without it, `failure` and the status `failed` leave them out. */
                    recovered?: string;
                    /** @description For example `404` or `5xx`; several are separated by commas. */
                    response_status?: string;
                    /** @description The site; 4 by default. */
                    siteId?: string;
                    /** @description One or more, separated by commas. */
                    status?: string;
                    /** @description Search words: each must match the start of a word of the visitor’s name, company, id at the site (such as an e-mail address) or ghost_vid. Alternatively the id of a delivery. */
                    text?: string;
                    /** @description Created before this time. */
                    to?: string;
                    /** @description Queued and retrying deliveries by what they wait for. due: a worker. held: their receiver. paused: their destination, operation or lane. scheduled: the time of the next attempt. */
                    wait?: string;
                    /** @description One or more, separated by commas. */
                    webhook_type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether there are 10000 or more. */
                            capped: boolean;
                            count: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export all deliveries a filter matches, as CSV or NDJSON
         * @description Streams any number of deliveries, newest first. CSV is for spreadsheets: UTF-8 with a byte order mark, all cells quoted, and formulas escaped. If the connection breaks, the file is incomplete. A page of another site cannot cause an export (403 `cross_site`).
         */
        get: {
            parameters: {
                query?: {
                    /** @description Cause code of the last error. */
                    cause?: string;
                    destination_id?: string;
                    /** @description Unfinished deliveries whose next attempt is before this time. */
                    due_before?: string;
                    /** @description Fingerprint of a failure group. */
                    failure?: string;
                    /** @description csv by default. */
                    format?: "csv" | "ndjson";
                    /** @description Created at this time or later. */
                    from?: string;
                    /** @description Deliveries of this visitor. */
                    ghost_vid?: string;
                    /** @description Deliveries of the visitor with this id at the site, such as an e-mail address. */
                    identified_user?: string;
                    /** @description Unfinished deliveries of this lane. */
                    lane?: string;
                    operation_id?: string;
                    /** @description export: of a visitor. test: the sample of a destination’s test. alert: a notification. */
                    purpose?: string;
                    /** @description Host of the receiver. */
                    receiver?: string;
                    /** @description Dead letters of which a copy was delivered: yes, only them; no, all others; any. Without it, `failure` and the status `failed` leave them out. */
                    recovered?: string;
                    /** @description For example `404` or `5xx`; several are separated by commas. */
                    response_status?: string;
                    /** @description The site; 4 by default. */
                    siteId?: string;
                    /** @description One or more, separated by commas. */
                    status?: string;
                    /** @description Search words: each must match the start of a word of the visitor’s name, company, id at the site (such as an e-mail address) or ghost_vid. Alternatively the id of a delivery. */
                    text?: string;
                    /** @description Created before this time. */
                    to?: string;
                    /** @description Queued and retrying deliveries by what they wait for. due: a worker. held: their receiver. paused: their destination, operation or lane. scheduled: the time of the next attempt. */
                    wait?: string;
                    /** @description One or more, separated by commas. */
                    webhook_type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                        "text/csv": string;
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the saved destinations of a site
         * @description List the saved destinations of a site.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                concurrency: number | null;
                                created_at: string;
                                /** @description The kind of credentials; null without CRM mode. */
                                credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                                header_names: string[];
                                id: string;
                                mapping: {
                                    /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                                    documented_fields?: boolean;
                                    fields?: {
                                        /**
                                         * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                         * @enum {unknown}
                                         */
                                        date?: "iso" | "date" | "unix" | "unix_ms";
                                        /** @description In place of an unknown value. */
                                        default?: string | number | boolean;
                                        /** @description A path of the profile, or `traits.<name>`. */
                                        from?: string;
                                        /** @description Paths whose known values make one text. */
                                        join?: string[];
                                        /** @description Write the text in lower case. */
                                        lower?: boolean;
                                        /** @description Between the joined values; a space by default. */
                                        separator?: string;
                                        /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                        to?: string;
                                        /** @description A constant. */
                                        value?: string | number | boolean;
                                        /**
                                         * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                         * @enum {unknown}
                                         */
                                        when?: "always" | "create" | "empty";
                                    }[];
                                    /**
                                     * @description The language of the labels of a message; en by default.
                                     * @enum {unknown}
                                     */
                                    language?: "en" | "de" | "fr" | "es";
                                    /** @description Add a link to the profile to a message. Not by default. */
                                    profile_link?: boolean;
                                    /** @description The title of a message. */
                                    title?: string;
                                } | null;
                                name: string;
                                /** @description Settings that only some types have; the guide of a type lists them. */
                                options: {
                                    /** @description The receiver is another server that accepts the format of the tool. */
                                    compatible?: boolean;
                                    /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                                    fields?: {
                                        [key: string]: "always" | "create" | "empty";
                                    };
                                    /**
                                     * @description For a record that was converted: update the contact that it became (default), or skip the export.
                                     * @enum {unknown}
                                     */
                                    on_converted?: "contact" | "skip";
                                    /**
                                     * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                                     * @enum {unknown}
                                     */
                                    unchanged?: "skip" | "send";
                                };
                                rate_limit: {
                                    per_seconds: number;
                                    requests: number;
                                } | null;
                                /** @description Host of the receiver. The path and query are secret. */
                                receiver: string;
                                retry_schedule: string | null;
                                /** @description Public keys (`whpk_…`) of the ed25519 keys that sign now, the current one first. Give them to the receiver. */
                                signing_public_keys: string[];
                                /** @description Number of secrets that sign now: two during a rotation, none for types that are not signed. */
                                signing_secrets: number;
                                siteId: number;
                                /**
                                 * @description disabled: the receiver responded that it is gone.
                                 * @enum {unknown}
                                 */
                                state: "enabled" | "paused" | "disabled";
                                state_reason: string | null;
                                /** @description Why the stored secrets cannot be decrypted, so that nothing can be sent; null when they can. Restore the key, or give `webhook_url` and all secrets again. */
                                unreadable: string | null;
                                updated_at: string;
                                /** @description Why the URL may be wrong, one sentence each. */
                                warnings: string[];
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Save a destination
         * @description URL, headers, credentials and signing secret are stored encrypted, and the API never returns them. The only exception: this response shows the signing secret once. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Most concurrent requests, from all workers together; the installation’s limit by default. */
                        concurrency?: number;
                        /** @description Turns CRM mode on; write-only. */
                        credentials?: {
                            access_token?: string;
                            audience?: string;
                            client_id?: string;
                            client_secret?: string;
                            /**
                             * @description hubspot: access_token (with access_token). salesforce: client_credentials (with client_id, client_secret) or jwt_bearer (with client_id, username, private_key).
                             * @enum {unknown}
                             */
                            kind: "access_token" | "client_credentials" | "jwt_bearer";
                            /** @description RSA, PKCS#8, PEM. */
                            private_key?: string;
                            token_url?: string;
                            username?: string;
                        };
                        /** @description Custom headers; write-only. */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description Which fields of the profile are sent, and under which names. Without a mapping the documented payload is sent. */
                        mapping?: {
                            /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                            documented_fields?: boolean;
                            fields?: {
                                /**
                                 * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                 * @enum {unknown}
                                 */
                                date?: "iso" | "date" | "unix" | "unix_ms";
                                /** @description In place of an unknown value. */
                                default?: string | number | boolean;
                                /** @description A path of the profile, or `traits.<name>`. */
                                from?: string;
                                /** @description Paths whose known values make one text. */
                                join?: string[];
                                /** @description Write the text in lower case. */
                                lower?: boolean;
                                /** @description Between the joined values; a space by default. */
                                separator?: string;
                                /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                to?: string;
                                /** @description A constant. */
                                value?: string | number | boolean;
                                /**
                                 * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                 * @enum {unknown}
                                 */
                                when?: "always" | "create" | "empty";
                            }[];
                            /**
                             * @description The language of the labels of a message; en by default.
                             * @enum {unknown}
                             */
                            language?: "en" | "de" | "fr" | "es";
                            /** @description Add a link to the profile to a message. Not by default. */
                            profile_link?: boolean;
                            /** @description The title of a message. */
                            title?: string;
                        };
                        /** @description Display name, unique in its site. */
                        name: string;
                        /** @description Settings that only some types have; the guide of a type lists them. */
                        options?: {
                            /** @description The receiver is another server that accepts the format of the tool. */
                            compatible?: boolean;
                            /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                            fields?: {
                                [key: string]: "always" | "create" | "empty";
                            };
                            /**
                             * @description For a record that was converted: update the contact that it became (default), or skip the export.
                             * @enum {unknown}
                             */
                            on_converted?: "contact" | "skip";
                            /**
                             * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                             * @enum {unknown}
                             */
                            unchanged?: "skip" | "send";
                        };
                        /** @description Most requests in any period of this length, evenly spaced. */
                        rate_limit?: {
                            per_seconds: number;
                            requests: number;
                        };
                        /** @description The waits before attempts 1, 2, 3 …, for example `0s 5s 5m`. */
                        retry_schedule?: string;
                        /**
                         * @description For signed types: `hmac` with a shared secret (default), or `ed25519` with a key pair whose public key the receiver gets.
                         * @enum {unknown}
                         */
                        signing?: "hmac" | "ed25519";
                        /** @default 4 */
                        siteId?: number;
                        /**
                         * @description Kind of destination; custom by default.
                         * @enum {unknown}
                         */
                        webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        /** @description Write-only. */
                        webhook_url: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            destination: {
                                concurrency: number | null;
                                created_at: string;
                                /** @description The kind of credentials; null without CRM mode. */
                                credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                                header_names: string[];
                                id: string;
                                mapping: {
                                    /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                                    documented_fields?: boolean;
                                    fields?: {
                                        /**
                                         * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                         * @enum {unknown}
                                         */
                                        date?: "iso" | "date" | "unix" | "unix_ms";
                                        /** @description In place of an unknown value. */
                                        default?: string | number | boolean;
                                        /** @description A path of the profile, or `traits.<name>`. */
                                        from?: string;
                                        /** @description Paths whose known values make one text. */
                                        join?: string[];
                                        /** @description Write the text in lower case. */
                                        lower?: boolean;
                                        /** @description Between the joined values; a space by default. */
                                        separator?: string;
                                        /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                        to?: string;
                                        /** @description A constant. */
                                        value?: string | number | boolean;
                                        /**
                                         * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                         * @enum {unknown}
                                         */
                                        when?: "always" | "create" | "empty";
                                    }[];
                                    /**
                                     * @description The language of the labels of a message; en by default.
                                     * @enum {unknown}
                                     */
                                    language?: "en" | "de" | "fr" | "es";
                                    /** @description Add a link to the profile to a message. Not by default. */
                                    profile_link?: boolean;
                                    /** @description The title of a message. */
                                    title?: string;
                                } | null;
                                name: string;
                                /** @description Settings that only some types have; the guide of a type lists them. */
                                options: {
                                    /** @description The receiver is another server that accepts the format of the tool. */
                                    compatible?: boolean;
                                    /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                                    fields?: {
                                        [key: string]: "always" | "create" | "empty";
                                    };
                                    /**
                                     * @description For a record that was converted: update the contact that it became (default), or skip the export.
                                     * @enum {unknown}
                                     */
                                    on_converted?: "contact" | "skip";
                                    /**
                                     * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                                     * @enum {unknown}
                                     */
                                    unchanged?: "skip" | "send";
                                };
                                rate_limit: {
                                    per_seconds: number;
                                    requests: number;
                                } | null;
                                /** @description Host of the receiver. The path and query are secret. */
                                receiver: string;
                                retry_schedule: string | null;
                                /** @description Public keys (`whpk_…`) of the ed25519 keys that sign now, the current one first. Give them to the receiver. */
                                signing_public_keys: string[];
                                /** @description Number of secrets that sign now: two during a rotation, none for types that are not signed. */
                                signing_secrets: number;
                                siteId: number;
                                /**
                                 * @description disabled: the receiver responded that it is gone.
                                 * @enum {unknown}
                                 */
                                state: "enabled" | "paused" | "disabled";
                                state_reason: string | null;
                                /** @description Why the stored secrets cannot be decrypted, so that nothing can be sent; null when they can. Restore the key, or give `webhook_url` and all secrets again. */
                                unreadable: string | null;
                                updated_at: string;
                                /** @description Why the URL may be wrong, one sentence each. */
                                warnings: string[];
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            };
                            /** @description Shown only in this response; `whsec_…` of Standard Webhooks. Null for types that are not signed, and for ed25519, whose public key is in `signing_public_keys`. */
                            signing_secret: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a saved destination, without its secrets
         * @description Read a saved destination, without its secrets.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            concurrency: number | null;
                            created_at: string;
                            /** @description The kind of credentials; null without CRM mode. */
                            credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                            header_names: string[];
                            id: string;
                            mapping: {
                                /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                                documented_fields?: boolean;
                                fields?: {
                                    /**
                                     * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                     * @enum {unknown}
                                     */
                                    date?: "iso" | "date" | "unix" | "unix_ms";
                                    /** @description In place of an unknown value. */
                                    default?: string | number | boolean;
                                    /** @description A path of the profile, or `traits.<name>`. */
                                    from?: string;
                                    /** @description Paths whose known values make one text. */
                                    join?: string[];
                                    /** @description Write the text in lower case. */
                                    lower?: boolean;
                                    /** @description Between the joined values; a space by default. */
                                    separator?: string;
                                    /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                    to?: string;
                                    /** @description A constant. */
                                    value?: string | number | boolean;
                                    /**
                                     * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                     * @enum {unknown}
                                     */
                                    when?: "always" | "create" | "empty";
                                }[];
                                /**
                                 * @description The language of the labels of a message; en by default.
                                 * @enum {unknown}
                                 */
                                language?: "en" | "de" | "fr" | "es";
                                /** @description Add a link to the profile to a message. Not by default. */
                                profile_link?: boolean;
                                /** @description The title of a message. */
                                title?: string;
                            } | null;
                            name: string;
                            /** @description Settings that only some types have; the guide of a type lists them. */
                            options: {
                                /** @description The receiver is another server that accepts the format of the tool. */
                                compatible?: boolean;
                                /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                                fields?: {
                                    [key: string]: "always" | "create" | "empty";
                                };
                                /**
                                 * @description For a record that was converted: update the contact that it became (default), or skip the export.
                                 * @enum {unknown}
                                 */
                                on_converted?: "contact" | "skip";
                                /**
                                 * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                                 * @enum {unknown}
                                 */
                                unchanged?: "skip" | "send";
                            };
                            rate_limit: {
                                per_seconds: number;
                                requests: number;
                            } | null;
                            /** @description Host of the receiver. The path and query are secret. */
                            receiver: string;
                            retry_schedule: string | null;
                            /** @description Public keys (`whpk_…`) of the ed25519 keys that sign now, the current one first. Give them to the receiver. */
                            signing_public_keys: string[];
                            /** @description Number of secrets that sign now: two during a rotation, none for types that are not signed. */
                            signing_secrets: number;
                            siteId: number;
                            /**
                             * @description disabled: the receiver responded that it is gone.
                             * @enum {unknown}
                             */
                            state: "enabled" | "paused" | "disabled";
                            state_reason: string | null;
                            /** @description Why the stored secrets cannot be decrypted, so that nothing can be sent; null when they can. Restore the key, or give `webhook_url` and all secrets again. */
                            unreadable: string | null;
                            updated_at: string;
                            /** @description Why the URL may be wrong, one sentence each. */
                            warnings: string[];
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a saved destination
         * @description Its unfinished deliveries become dead letters with the cause `destination_gone`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change, pause or enable a saved destination
         * @description Waiting deliveries use the values at the time of their next attempt. While the destination is paused, its deliveries wait and spend no attempt; when it is enabled, due deliveries are sent at once. If `webhook_url` changes the scheme, host or port, the stored headers and signing secrets are dropped unless the request contains headers; credentials have to be given again.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        concurrency?: number | null;
                        /** @description Turns CRM mode on; write-only. */
                        credentials?: {
                            access_token?: string;
                            audience?: string;
                            client_id?: string;
                            client_secret?: string;
                            /**
                             * @description hubspot: access_token (with access_token). salesforce: client_credentials (with client_id, client_secret) or jwt_bearer (with client_id, username, private_key).
                             * @enum {unknown}
                             */
                            kind: "access_token" | "client_credentials" | "jwt_bearer";
                            /** @description RSA, PKCS#8, PEM. */
                            private_key?: string;
                            token_url?: string;
                            username?: string;
                        } | null;
                        /** @description Custom headers; write-only. */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description For admins: keep the headers, signing secrets and credentials although `webhook_url` changes the scheme, host or port. Without it they are dropped, unless the request contains them. */
                        keep_secrets?: boolean;
                        mapping?: {
                            /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                            documented_fields?: boolean;
                            fields?: {
                                /**
                                 * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                 * @enum {unknown}
                                 */
                                date?: "iso" | "date" | "unix" | "unix_ms";
                                /** @description In place of an unknown value. */
                                default?: string | number | boolean;
                                /** @description A path of the profile, or `traits.<name>`. */
                                from?: string;
                                /** @description Paths whose known values make one text. */
                                join?: string[];
                                /** @description Write the text in lower case. */
                                lower?: boolean;
                                /** @description Between the joined values; a space by default. */
                                separator?: string;
                                /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                to?: string;
                                /** @description A constant. */
                                value?: string | number | boolean;
                                /**
                                 * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                 * @enum {unknown}
                                 */
                                when?: "always" | "create" | "empty";
                            }[];
                            /**
                             * @description The language of the labels of a message; en by default.
                             * @enum {unknown}
                             */
                            language?: "en" | "de" | "fr" | "es";
                            /** @description Add a link to the profile to a message. Not by default. */
                            profile_link?: boolean;
                            /** @description The title of a message. */
                            title?: string;
                        } | null;
                        /** @description Display name, unique in its site. */
                        name?: string;
                        /** @description Settings that only some types have; the guide of a type lists them. */
                        options?: {
                            /** @description The receiver is another server that accepts the format of the tool. */
                            compatible?: boolean;
                            /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                            fields?: {
                                [key: string]: "always" | "create" | "empty";
                            };
                            /**
                             * @description For a record that was converted: update the contact that it became (default), or skip the export.
                             * @enum {unknown}
                             */
                            on_converted?: "contact" | "skip";
                            /**
                             * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                             * @enum {unknown}
                             */
                            unchanged?: "skip" | "send";
                        };
                        rate_limit?: {
                            per_seconds: number;
                            requests: number;
                        } | null;
                        retry_schedule?: string | null;
                        /**
                         * @description While it is paused, deliveries wait; none is lost.
                         * @enum {unknown}
                         */
                        state?: "enabled" | "paused";
                        state_reason?: string | null;
                        /** @description Write-only. */
                        webhook_url?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            concurrency: number | null;
                            created_at: string;
                            /** @description The kind of credentials; null without CRM mode. */
                            credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                            header_names: string[];
                            id: string;
                            mapping: {
                                /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                                documented_fields?: boolean;
                                fields?: {
                                    /**
                                     * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                     * @enum {unknown}
                                     */
                                    date?: "iso" | "date" | "unix" | "unix_ms";
                                    /** @description In place of an unknown value. */
                                    default?: string | number | boolean;
                                    /** @description A path of the profile, or `traits.<name>`. */
                                    from?: string;
                                    /** @description Paths whose known values make one text. */
                                    join?: string[];
                                    /** @description Write the text in lower case. */
                                    lower?: boolean;
                                    /** @description Between the joined values; a space by default. */
                                    separator?: string;
                                    /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                    to?: string;
                                    /** @description A constant. */
                                    value?: string | number | boolean;
                                    /**
                                     * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                     * @enum {unknown}
                                     */
                                    when?: "always" | "create" | "empty";
                                }[];
                                /**
                                 * @description The language of the labels of a message; en by default.
                                 * @enum {unknown}
                                 */
                                language?: "en" | "de" | "fr" | "es";
                                /** @description Add a link to the profile to a message. Not by default. */
                                profile_link?: boolean;
                                /** @description The title of a message. */
                                title?: string;
                            } | null;
                            name: string;
                            /** @description Settings that only some types have; the guide of a type lists them. */
                            options: {
                                /** @description The receiver is another server that accepts the format of the tool. */
                                compatible?: boolean;
                                /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                                fields?: {
                                    [key: string]: "always" | "create" | "empty";
                                };
                                /**
                                 * @description For a record that was converted: update the contact that it became (default), or skip the export.
                                 * @enum {unknown}
                                 */
                                on_converted?: "contact" | "skip";
                                /**
                                 * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                                 * @enum {unknown}
                                 */
                                unchanged?: "skip" | "send";
                            };
                            rate_limit: {
                                per_seconds: number;
                                requests: number;
                            } | null;
                            /** @description Host of the receiver. The path and query are secret. */
                            receiver: string;
                            retry_schedule: string | null;
                            /** @description Public keys (`whpk_…`) of the ed25519 keys that sign now, the current one first. Give them to the receiver. */
                            signing_public_keys: string[];
                            /** @description Number of secrets that sign now: two during a rotation, none for types that are not signed. */
                            signing_secrets: number;
                            siteId: number;
                            /**
                             * @description disabled: the receiver responded that it is gone.
                             * @enum {unknown}
                             */
                            state: "enabled" | "paused" | "disabled";
                            state_reason: string | null;
                            /** @description Why the stored secrets cannot be decrypted, so that nothing can be sent; null when they can. Restore the key, or give `webhook_url` and all secrets again. */
                            unreadable: string | null;
                            updated_at: string;
                            /** @description Why the URL may be wrong, one sentence each. */
                            warnings: string[];
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/destinations/{id}/close-breaker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the circuit breaker of a saved destination
         * @description Requests to the receiver are sent at once, without waiting until its circuit breaker lets one through. If the receiver still fails, the breaker opens again. A pause that the receiver asked for (Retry-After) stays. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            breaker_before: "closed" | "open" | "half_open";
                            /** @description Due deliveries to the receiver that are tried now; at most 1000. The others follow by themselves. */
                            enqueued: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the health of a saved destination’s receiver
         * @description The circuit breaker and the current concurrency limit, which all workers share.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description open: requests are stopped because the receiver failed repeatedly; half_open: one trial request checks whether it works again.
                             * @enum {unknown}
                             */
                            breaker: "closed" | "open" | "half_open";
                            /** @description The current limit of concurrent requests, which adapts to the receiver’s responses. */
                            concurrency_now: number;
                            /** @description Requests in flight. */
                            in_flight: number;
                            /** @description Moving mean of the response times. */
                            mean_duration_ms: number;
                            open_until: string | null;
                            /** @description Until when the receiver asked for no requests (Retry-After). */
                            throttled_until: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/hubspot-properties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the contact properties a HubSpot destination needs
         * @description Creates the missing properties with the destination’s own token, which needs the scope crm.schemas.contacts.write. A repeat changes nothing. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Contact properties that this call created. */
                            created: string[];
                            /** @description Contact properties that already existed. */
                            existing: string[];
                            /** @description Why properties that already existed do not fit, one sentence each. */
                            unfit: string[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview what an export would send
         * @description Builds the request that an export of the visitor would send now, and the message as the tool shows it. Of a destination with credentials it reads the record, and returns each field before and after an export. Writes nothing, there or here. With `mapping` it previews a mapping that is not saved. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description A visitor of the site; a sample by default. */
                        ghost_vid?: string;
                        /** @default true */
                        include_events?: boolean;
                        /** @default true */
                        include_journey?: boolean;
                        /** @description Preview this mapping in place of the saved one; null for the documented payload. */
                        mapping?: {
                            /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                            documented_fields?: boolean;
                            fields?: {
                                /**
                                 * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                 * @enum {unknown}
                                 */
                                date?: "iso" | "date" | "unix" | "unix_ms";
                                /** @description In place of an unknown value. */
                                default?: string | number | boolean;
                                /** @description A path of the profile, or `traits.<name>`. */
                                from?: string;
                                /** @description Paths whose known values make one text. */
                                join?: string[];
                                /** @description Write the text in lower case. */
                                lower?: boolean;
                                /** @description Between the joined values; a space by default. */
                                separator?: string;
                                /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                to?: string;
                                /** @description A constant. */
                                value?: string | number | boolean;
                                /**
                                 * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                 * @enum {unknown}
                                 */
                                when?: "always" | "create" | "empty";
                            }[];
                            /**
                             * @description The language of the labels of a message; en by default.
                             * @enum {unknown}
                             */
                            language?: "en" | "de" | "fr" | "es";
                            /** @description Add a link to the profile to a message. Not by default. */
                            profile_link?: boolean;
                            /** @description The title of a message. */
                            title?: string;
                        } | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The fields of the record: the value now, the export’s, and the one after the export. */
                            fields: {
                                changes: boolean;
                                /** @description Null for no value. */
                                current: unknown;
                                field: string;
                                /** @description Null for no value. */
                                result: unknown;
                                /** @description Null for no value. */
                                value: unknown;
                                /** @enum {unknown} */
                                when: "always" | "create" | "empty";
                            }[];
                            /** @description The message as the tool shows it; null where the payload is no message. */
                            message: {
                                fields: {
                                    label: string;
                                    value: string;
                                }[];
                                link: string | null;
                                text: string;
                                title: string;
                            } | null;
                            /** @description What is wrong with the mapping in the CRM. */
                            problems: {
                                expected: string;
                                field: string;
                            }[];
                            /** @description The record in the CRM; null where the destination writes no records. */
                            record: {
                                /** @description Why the record is unread. */
                                because: string | null;
                                id: string | null;
                                link: string | null;
                                /** @enum {unknown} */
                                state: "absent" | "present" | "unread";
                                type: string | null;
                            } | null;
                            /** @description The first request of an export. */
                            request: {
                                /** @description The exact body. */
                                body: string;
                                /** @description Secrets are masked. Ids, times and signatures of an attempt are not part of a preview. */
                                headers: {
                                    [key: string]: string;
                                };
                                method: string;
                                /** @description The path is shown where it is no secret. */
                                url: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/signing-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a new signing secret
         * @description The old secret signs as well for 24 hours, so that the receiver can switch. The response shows the new secret once. `signing` changes its kind. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description For signed types: `hmac` with a shared secret (default), or `ed25519` with a key pair whose public key the receiver gets.
                         * @enum {unknown}
                         */
                        signing?: "hmac" | "ed25519";
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            destination: {
                                concurrency: number | null;
                                created_at: string;
                                /** @description The kind of credentials; null without CRM mode. */
                                credentials: ("access_token" | "client_credentials" | "jwt_bearer") | null;
                                header_names: string[];
                                id: string;
                                mapping: {
                                    /** @description Send the documented fields, too. By default in a CRM, and not elsewhere. */
                                    documented_fields?: boolean;
                                    fields?: {
                                        /**
                                         * @description For times. iso (default): 2026-03-10T17:14:22.000Z; date: 2026-03-10; unix: seconds; unix_ms.
                                         * @enum {unknown}
                                         */
                                        date?: "iso" | "date" | "unix" | "unix_ms";
                                        /** @description In place of an unknown value. */
                                        default?: string | number | boolean;
                                        /** @description A path of the profile, or `traits.<name>`. */
                                        from?: string;
                                        /** @description Paths whose known values make one text. */
                                        join?: string[];
                                        /** @description Write the text in lower case. */
                                        lower?: boolean;
                                        /** @description Between the joined values; a space by default. */
                                        separator?: string;
                                        /** @description The receiver’s name of the field. In a message: its label, by default that of the path. */
                                        to?: string;
                                        /** @description A constant. */
                                        value?: string | number | boolean;
                                        /**
                                         * @description In a CRM. always: with every export. create: when the record is created. empty: then, and later while the field is empty. By default that of the field in `options.fields`, else always.
                                         * @enum {unknown}
                                         */
                                        when?: "always" | "create" | "empty";
                                    }[];
                                    /**
                                     * @description The language of the labels of a message; en by default.
                                     * @enum {unknown}
                                     */
                                    language?: "en" | "de" | "fr" | "es";
                                    /** @description Add a link to the profile to a message. Not by default. */
                                    profile_link?: boolean;
                                    /** @description The title of a message. */
                                    title?: string;
                                } | null;
                                name: string;
                                /** @description Settings that only some types have; the guide of a type lists them. */
                                options: {
                                    /** @description The receiver is another server that accepts the format of the tool. */
                                    compatible?: boolean;
                                    /** @description When each field is written, by the CRM’s name of the field. always: with every export. create: when the record is created. empty: then, and later while the field is empty. */
                                    fields?: {
                                        [key: string]: "always" | "create" | "empty";
                                    };
                                    /**
                                     * @description For a record that was converted: update the contact that it became (default), or skip the export.
                                     * @enum {unknown}
                                     */
                                    on_converted?: "contact" | "skip";
                                    /**
                                     * @description In a CRM: what an operation does with a visitor of whom this destination has accepted the same values since it was changed last. skip (default) sends nothing; a single export always sends.
                                     * @enum {unknown}
                                     */
                                    unchanged?: "skip" | "send";
                                };
                                rate_limit: {
                                    per_seconds: number;
                                    requests: number;
                                } | null;
                                /** @description Host of the receiver. The path and query are secret. */
                                receiver: string;
                                retry_schedule: string | null;
                                /** @description Public keys (`whpk_…`) of the ed25519 keys that sign now, the current one first. Give them to the receiver. */
                                signing_public_keys: string[];
                                /** @description Number of secrets that sign now: two during a rotation, none for types that are not signed. */
                                signing_secrets: number;
                                siteId: number;
                                /**
                                 * @description disabled: the receiver responded that it is gone.
                                 * @enum {unknown}
                                 */
                                state: "enabled" | "paused" | "disabled";
                                state_reason: string | null;
                                /** @description Why the stored secrets cannot be decrypted, so that nothing can be sent; null when they can. Restore the key, or give `webhook_url` and all secrets again. */
                                unreadable: string | null;
                                updated_at: string;
                                /** @description Why the URL may be wrong, one sentence each. */
                                warnings: string[];
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            };
                            /** @description Shown only in this response; `whsec_…` of Standard Webhooks. Null for types that are not signed, and for ed25519, whose public key is in `signing_public_keys`. */
                            signing_secret: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a marked sample
         * @description Sends a sample visitor through the same checks, worker and log as an export, and responds with the attempt. The sample does not wait for an open circuit breaker. A response that shows that the receiver works again closes the breaker. Responds 409 while the destination is paused or disabled, because the sample would wait until it is enabled. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null if no attempt was made within the wait. */
                            attempt: {
                                /**
                                 * @description What follows from the outcome.
                                 * @enum {unknown}
                                 */
                                decision: "delivered" | "retry" | "give_up";
                                duration_ms: number;
                                error: {
                                    code: string;
                                    message: string;
                                    remedy: string | null;
                                    /**
                                     * @description Who can correct the cause.
                                     * @enum {unknown}
                                     */
                                    responsible: "nobody" | "destination_owner" | "tool_administrator" | "receiver_operator" | "site_owner" | "installation_operator" | "developer";
                                } | null;
                                number: number;
                                /** @description Fields that the attempt left out because the receiver refused their values. */
                                omitted_fields: {
                                    /** @description The receiver’s error code. */
                                    code: string;
                                    /** @description The receiver’s name of the field. */
                                    field: string;
                                }[];
                                /** @description What the receiver or the egress proxy did: answered, timed_out, connection_failed, proxy_failed … */
                                outcome: string;
                                /** @description The receiver may have processed the request, although it sent no response. */
                                outcome_unknown: boolean;
                                /** @description The body that was sent, if it differs from `payload`: CRM modes build their own requests. */
                                request_body: string | null;
                                /** @description The headers that were sent; custom headers, tokens and signatures are masked. */
                                request_headers: {
                                    [key: string]: string;
                                } | null;
                                request_method: string | null;
                                /** @description The first 16 KiB at most. */
                                response_body: string | null;
                                /** @description Bytes read, at most 64 KiB. */
                                response_bytes: number;
                                /** @description Why reading of the body ended. */
                                response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                /** @description What is wrong with a response that counts because its status line is readable, for example a folded header or a body that could not be decoded. */
                                response_fault: string | null;
                                response_headers: {
                                    [key: string]: string;
                                } | null;
                                response_status: number | null;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                timings: {
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    connect_ms: number | null;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    dns_ms: number | null;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    first_byte_ms: number | null;
                                    /** @description The attempt reused an open connection. */
                                    reused_connection: boolean;
                                    /** @description Milliseconds; null if the phase was skipped or not reached. */
                                    tls_ms: number | null;
                                    total_ms: number;
                                } | null;
                            } | null;
                            delivery: {
                                /** @description The alert rule of a notification; null for an export. */
                                alert_rule_id: string | null;
                                /** @description Oldest first. */
                                attempts: {
                                    /**
                                     * @description What follows from the outcome.
                                     * @enum {unknown}
                                     */
                                    decision: "delivered" | "retry" | "give_up";
                                    duration_ms: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        remedy: string | null;
                                        /**
                                         * @description Who can correct the cause.
                                         * @enum {unknown}
                                         */
                                        responsible: "nobody" | "destination_owner" | "tool_administrator" | "receiver_operator" | "site_owner" | "installation_operator" | "developer";
                                    } | null;
                                    number: number;
                                    /** @description Fields that the attempt left out because the receiver refused their values. */
                                    omitted_fields: {
                                        /** @description The receiver’s error code. */
                                        code: string;
                                        /** @description The receiver’s name of the field. */
                                        field: string;
                                    }[];
                                    /** @description What the receiver or the egress proxy did: answered, timed_out, connection_failed, proxy_failed … */
                                    outcome: string;
                                    /** @description The receiver may have processed the request, although it sent no response. */
                                    outcome_unknown: boolean;
                                    /** @description The body that was sent, if it differs from `payload`: CRM modes build their own requests. */
                                    request_body: string | null;
                                    /** @description The headers that were sent; custom headers, tokens and signatures are masked. */
                                    request_headers: {
                                        [key: string]: string;
                                    } | null;
                                    request_method: string | null;
                                    /** @description The first 16 KiB at most. */
                                    response_body: string | null;
                                    /** @description Bytes read, at most 64 KiB. */
                                    response_bytes: number;
                                    /** @description Why reading of the body ended. */
                                    response_end: ("complete" | "size" | "deadline" | "reset") | null;
                                    /** @description What is wrong with a response that counts because its status line is readable, for example a folded header or a body that could not be decoded. */
                                    response_fault: string | null;
                                    response_headers: {
                                        [key: string]: string;
                                    } | null;
                                    response_status: number | null;
                                    /** @description ISO 8601, UTC. */
                                    started_at: string;
                                    timings: {
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        connect_ms: number | null;
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        dns_ms: number | null;
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        first_byte_ms: number | null;
                                        /** @description The attempt reused an open connection. */
                                        reused_connection: boolean;
                                        /** @description Milliseconds; null if the phase was skipped or not reached. */
                                        tls_ms: number | null;
                                        total_ms: number;
                                    } | null;
                                }[];
                                /** @description The deliveries that were made from this one, newest first, at most ten. */
                                copies: {
                                    /** @description ISO 8601, UTC. */
                                    created_at: string;
                                    delivery_id: string;
                                    /** @enum {unknown} */
                                    status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                }[];
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                delivered_at: string | null;
                                delivery_id: string;
                                /** @description The saved destination; null for an ad-hoc URL. */
                                destination_id: string | null;
                                /** @description Fingerprint of the delivery’s failure group. */
                                failure: string | null;
                                ghost_vid: string;
                                /** @description The site’s own id of this visitor, such as an e-mail address; null if unknown. */
                                identified_user: string | null;
                                include_events: boolean;
                                include_journey: boolean;
                                last_error: {
                                    /** @description Stable cause code. */
                                    code: string;
                                    message: string;
                                    response_status: number | null;
                                } | null;
                                /** @description The delivery that this one was copied from. */
                                made_from: string | null;
                                /** @description Null once the delivery is finished. */
                                next_attempt: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /**
                                     * @description first: the first attempt of a series, due at once. schedule: the wait of the retry schedule. receiver_asked: the receiver asked for a longer wait (Retry-After).
                                     * @enum {unknown}
                                     */
                                    because: "first" | "schedule" | "receiver_asked";
                                    /** @description Number in the current series of attempts. */
                                    number: number;
                                    /** @description Number of attempts in the retry schedule. */
                                    of: number;
                                } | null;
                                next_attempt_at: string | null;
                                operation_id: string | null;
                                /** @description The stored payload that every attempt sends; CRM modes build their own requests from it. Null before the first attempt, and after the retention of payloads. */
                                payload: string | null;
                                /** @description Origin of the receiver, without path and query, which may be secret. */
                                receiver: string;
                                /** @description The record that the delivery wrote in a CRM; null for other destinations. */
                                record: {
                                    id: string;
                                    /** @description The record’s page in the CRM. */
                                    link: string | null;
                                    /** @description The CRM’s name of the object. */
                                    type: string;
                                } | null;
                                /** @description For a dead letter: the delivery made from it, or from a copy of it, that was delivered. */
                                recovered_by: string | null;
                                /** @description Whether this is a marked sample that tests a destination. */
                                sample: boolean;
                                siteId: number;
                                /** @enum {unknown} */
                                status: "queued" | "delivering" | "retrying" | "delivered" | "failed" | "cancelled";
                                /** @description What it waits for; null unless it is queued or retrying. */
                                wait: {
                                    /**
                                     * @description due: a worker. held: its receiver, which is left alone until a time. paused: its destination, its operation or its lane is paused. scheduled: the time of its next attempt.
                                     * @enum {unknown}
                                     */
                                    for: "due" | "held" | "paused" | "scheduled";
                                    until: string | null;
                                } | null;
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            };
                            /** @description What is wrong with the fields of the CRM, one sentence each: missing fields, wrong types, ids that are not unique or not case sensitive. */
                            setup: string[];
                            /** @description Without an attempt: what the sample waits for. */
                            waits_for: {
                                /** @enum {unknown} */
                                code: "held" | "destination_paused" | "destination_disabled" | "operation_paused" | "lane_paused" | "breaker_open" | "throttled" | "waiting_for_retry" | "being_delivered" | "receiver_full" | "site_share" | "not_queued" | "behind_others" | "no_worker" | "queue_down" | "finished";
                                remedy: string | null;
                                /** @description A sentence. */
                                text: string;
                                until: string | null;
                            } | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the dead letters, grouped by cause and receiver
         * @description The largest group first. `GET /api/deliveries?failure=<fingerprint>` lists the members of a group.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                    state?: "open" | "acknowledged" | "ignored" | "resolved";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The largest group first. */
                            items: {
                                /** @description Whether there are more; only the newest were counted. */
                                capped: boolean;
                                /** @description Cause code. */
                                cause: string;
                                /** @description Current number of dead letters, without recovered ones. */
                                count: number;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description Stable id of the group. */
                                fingerprint: string;
                                /** @description ISO 8601, UTC. */
                                first_seen: string;
                                ignored_until: string | null;
                                last_15_minutes: number;
                                last_day: number;
                                last_hour: number;
                                /** @description ISO 8601, UTC. */
                                last_seen: string;
                                last_week: number;
                                /** @description Error message of the newest member. */
                                message: string;
                                note: string | null;
                                /** @description Host of the receiver. */
                                receiver: string;
                                /** @description Members that were sent again, by an operation or as a copy, and were delivered. */
                                recovered: number;
                                remedy: string | null;
                                /** @description Whether it failed again after it was resolved. */
                                reopened: boolean;
                                /** @description Results of operations on this group. */
                                replays: {
                                    delivered: number;
                                    /** @description Failed again for the same cause; they are in this group again. */
                                    failed_again: number;
                                    /** @description Failed for another cause; they are in another group now. */
                                    moved: number;
                                    /** @description Members that operations of any kind resent. */
                                    resent: number;
                                };
                                /** @description The newest member. */
                                sample_delivery_id: string;
                                siteId: number;
                                /** @enum {unknown} */
                                state: "open" | "acknowledged" | "ignored" | "resolved";
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/failures/{fingerprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a failure group
         * @description Read a failure group.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    fingerprint: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether there are more; only the newest were counted. */
                            capped: boolean;
                            /** @description Cause code. */
                            cause: string;
                            /** @description Current number of dead letters, without recovered ones. */
                            count: number;
                            destination_id: string | null;
                            destination_name: string | null;
                            /** @description Stable id of the group. */
                            fingerprint: string;
                            /** @description ISO 8601, UTC. */
                            first_seen: string;
                            ignored_until: string | null;
                            last_15_minutes: number;
                            last_day: number;
                            last_hour: number;
                            /** @description ISO 8601, UTC. */
                            last_seen: string;
                            last_week: number;
                            /** @description Error message of the newest member. */
                            message: string;
                            note: string | null;
                            /** @description Host of the receiver. */
                            receiver: string;
                            /** @description Members that were sent again, by an operation or as a copy, and were delivered. */
                            recovered: number;
                            remedy: string | null;
                            /** @description Whether it failed again after it was resolved. */
                            reopened: boolean;
                            /** @description Results of operations on this group. */
                            replays: {
                                delivered: number;
                                /** @description Failed again for the same cause; they are in this group again. */
                                failed_again: number;
                                /** @description Failed for another cause; they are in another group now. */
                                moved: number;
                                /** @description Members that operations of any kind resent. */
                                resent: number;
                            };
                            /** @description The newest member. */
                            sample_delivery_id: string;
                            siteId: number;
                            /** @enum {unknown} */
                            state: "open" | "acknowledged" | "ignored" | "resolved";
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Acknowledge, resolve or temporarily ignore a failure group
         * @description Acknowledge, resolve or temporarily ignore a failure group.
         */
        patch: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    fingerprint: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        ignored_until?: string;
                        note?: string | null;
                        /**
                         * @description resolved: reopens at the next failure. ignored: requires ignored_until.
                         * @enum {unknown}
                         */
                        state: "open" | "acknowledged" | "ignored" | "resolved";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether there are more; only the newest were counted. */
                            capped: boolean;
                            /** @description Cause code. */
                            cause: string;
                            /** @description Current number of dead letters, without recovered ones. */
                            count: number;
                            destination_id: string | null;
                            destination_name: string | null;
                            /** @description Stable id of the group. */
                            fingerprint: string;
                            /** @description ISO 8601, UTC. */
                            first_seen: string;
                            ignored_until: string | null;
                            last_15_minutes: number;
                            last_day: number;
                            last_hour: number;
                            /** @description ISO 8601, UTC. */
                            last_seen: string;
                            last_week: number;
                            /** @description Error message of the newest member. */
                            message: string;
                            note: string | null;
                            /** @description Host of the receiver. */
                            receiver: string;
                            /** @description Members that were sent again, by an operation or as a copy, and were delivered. */
                            recovered: number;
                            remedy: string | null;
                            /** @description Whether it failed again after it was resolved. */
                            reopened: boolean;
                            /** @description Results of operations on this group. */
                            replays: {
                                delivered: number;
                                /** @description Failed again for the same cause; they are in this group again. */
                                failed_again: number;
                                /** @description Failed for another cause; they are in another group now. */
                                moved: number;
                                /** @description Members that operations of any kind resent. */
                                resent: number;
                            };
                            /** @description The newest member. */
                            sample_delivery_id: string;
                            siteId: number;
                            /** @enum {unknown} */
                            state: "open" | "acknowledged" | "ignored" | "resolved";
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the OpenID Connect issuer sends browsers back to
         * @description Sets the `session` cookie and redirects to the dashboard; to its sign-in page, with the reason in `failed`, when the sign-in is refused. Limited per caller address, as sign-ins are.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A redirect. */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in through the OpenID Connect issuer
         * @description For browsers: redirects to the issuer, which redirects back to /api/oidc/callback.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Path of the dashboard to open afterwards. */
                    return?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A redirect. */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Operations of a site, newest first
         * @description Operations of a site, newest first.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first, without plans that were never started. */
                            items: {
                                /** @enum {unknown} */
                                canary: "off" | "pending" | "running" | "passed" | "failed";
                                counts: {
                                    /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                    cancelled: number;
                                    /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                    changed: number;
                                    delivered: number;
                                    failed: number;
                                    /** @description Members that the plan found; the operation covers at most these. */
                                    matched: number;
                                    skipped: number;
                                    /** @description Members that are begun but not settled. */
                                    waiting: number;
                                };
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description E-mail address. */
                                created_by: string;
                                destination_id: string | null;
                                /** @description The failure groups of the failed members. */
                                failed_into: {
                                    count: number;
                                    /** @description Fingerprint of a failure group. */
                                    failure: string;
                                }[];
                                /** @description The frozen selection: filter, ids or visitors. */
                                filter: {
                                    [key: string]: unknown;
                                };
                                finished_at: string | null;
                                /** @description Whether it also sends recovered members. */
                                include_recovered: boolean;
                                /** @enum {unknown} */
                                kind: "resend" | "re_export" | "export" | "cancel";
                                operation_id: string;
                                progress: number;
                                rate: number;
                                /** @description The reason that the user gave. */
                                reason: string | null;
                                /** @description Estimate; null if unknown. */
                                seconds_left: number | null;
                                siteId: number;
                                skipped_because: {
                                    [key: string]: number;
                                };
                                started_at: string | null;
                                /** @enum {unknown} */
                                state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                                state_reason: string | null;
                                /** @description The operation covers nothing newer than this. */
                                watermark: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    note: string;
                                };
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Start a planned operation
         * @description Sends a canary of ten first, then the others at the rate of the plan, in the bulk lane. A crash of any process does not end an accepted operation. Only one operation with the same selection runs at a time. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description The id of the plan.
                         */
                        operation_id: string;
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                cancelled: number;
                                /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description Members that the plan found; the operation covers at most these. */
                                matched: number;
                                skipped: number;
                                /** @description Members that are begun but not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups of the failed members. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description The frozen selection: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @description Whether it also sends recovered members. */
                            include_recovered: boolean;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export" | "cancel";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description The reason that the user gave. */
                            reason: string | null;
                            /** @description Estimate; null if unknown. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description The operation covers nothing newer than this. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One operation with its progress
         * @description One operation with its progress.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                cancelled: number;
                                /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description Members that the plan found; the operation covers at most these. */
                                matched: number;
                                skipped: number;
                                /** @description Members that are begun but not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups of the failed members. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description The frozen selection: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @description Whether it also sends recovered members. */
                            include_recovered: boolean;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export" | "cancel";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description The reason that the user gave. */
                            reason: string | null;
                            /** @description Estimate; null if unknown. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description The operation covers nothing newer than this. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an operation
         * @description Cancels the members that wait. Delivered members stay delivered. The ledger shows the outcome of each. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                cancelled: number;
                                /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description Members that the plan found; the operation covers at most these. */
                                matched: number;
                                skipped: number;
                                /** @description Members that are begun but not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups of the failed members. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description The frozen selection: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @description Whether it also sends recovered members. */
                            include_recovered: boolean;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export" | "cancel";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description The reason that the user gave. */
                            reason: string | null;
                            /** @description Estimate; null if unknown. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description The operation covers nothing newer than this. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The ledger: the outcome of each member
         * @description The ledger: the outcome of each member.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: string;
                    outcome?: "waiting" | "delivered" | "failed" | "skipped" | "cancelled";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description The delivery that was sent; null if it was skipped. */
                                delivery_id: string | null;
                                ghost_vid: string;
                                /** @description The visitor’s current id at the site. */
                                identified_user: string | null;
                                number: number;
                                /** @enum {unknown} */
                                outcome: "waiting" | "delivered" | "failed" | "skipped" | "cancelled";
                                /** @description Why it was skipped, or the cause of the failure. */
                                reason: string | null;
                                source_delivery_id: string | null;
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/items/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The ledger as CSV
         * @description Each line names the visitor, the receiver and the receiver’s message. `outcome=failed` returns only the failed members. No cell is a formula.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: string;
                    outcome?: "waiting" | "delivered" | "failed" | "skipped" | "cancelled";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an operation
         * @description No more members start. Attempts that are running settle. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                cancelled: number;
                                /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description Members that the plan found; the operation covers at most these. */
                                matched: number;
                                skipped: number;
                                /** @description Members that are begun but not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups of the failed members. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description The frozen selection: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @description Whether it also sends recovered members. */
                            include_recovered: boolean;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export" | "cancel";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description The reason that the user gave. */
                            reason: string | null;
                            /** @description Estimate; null if unknown. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description The operation covers nothing newer than this. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused operation
         * @description After a failed canary all other members start, without a second canary. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            canary: "off" | "pending" | "running" | "passed" | "failed";
                            counts: {
                                /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                cancelled: number;
                                /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                changed: number;
                                delivered: number;
                                failed: number;
                                /** @description Members that the plan found; the operation covers at most these. */
                                matched: number;
                                skipped: number;
                                /** @description Members that are begun but not settled. */
                                waiting: number;
                            };
                            /** @description ISO 8601, UTC. */
                            created_at: string;
                            /** @description E-mail address. */
                            created_by: string;
                            destination_id: string | null;
                            /** @description The failure groups of the failed members. */
                            failed_into: {
                                count: number;
                                /** @description Fingerprint of a failure group. */
                                failure: string;
                            }[];
                            /** @description The frozen selection: filter, ids or visitors. */
                            filter: {
                                [key: string]: unknown;
                            };
                            finished_at: string | null;
                            /** @description Whether it also sends recovered members. */
                            include_recovered: boolean;
                            /** @enum {unknown} */
                            kind: "resend" | "re_export" | "export" | "cancel";
                            operation_id: string;
                            progress: number;
                            rate: number;
                            /** @description The reason that the user gave. */
                            reason: string | null;
                            /** @description Estimate; null if unknown. */
                            seconds_left: number | null;
                            siteId: number;
                            skipped_because: {
                                [key: string]: number;
                            };
                            started_at: string | null;
                            /** @enum {unknown} */
                            state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                            state_reason: string | null;
                            /** @description The operation covers nothing newer than this. */
                            watermark: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                note: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/operations/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan an operation
         * @description Counts what the operation would send, and what it would skip and why. Sends nothing. The plan excludes whatever is made later. Start it within an hour with `POST /api/operations`. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "kind": "re_export",
                     *       "filter": {
                     *         "status": "failed"
                     *       },
                     *       "rate": 10
                     *     }
                     */
                    "application/json": {
                        /** @description Send 10 first and stop if too many fail; true by default. */
                        canary?: boolean;
                        delivery_ids?: string[];
                        /**
                         * Format: uuid
                         * @description The saved destination to send to. Required for export; for re_export it replaces the original one.
                         */
                        destination_id?: string;
                        filter?: {
                            /** @description Cause code of the last error. */
                            cause?: string;
                            /** Format: uuid */
                            destination_id?: string;
                            /**
                             * Format: date-time
                             * @description Unfinished deliveries whose next attempt is before this time.
                             */
                            due_before?: string;
                            /** @description Fingerprint of a failure group. */
                            failure?: string;
                            /**
                             * Format: date-time
                             * @description Created at this time or later.
                             */
                            from?: string;
                            /** @description Deliveries of this visitor. */
                            ghost_vid?: string;
                            /** @description Deliveries of the visitor with this id at the site, such as an e-mail address. */
                            identified_user?: string;
                            /** @description Unfinished deliveries of this lane. */
                            lane?: string;
                            /** Format: uuid */
                            operation_id?: string;
                            /** @description export: of a visitor. test: the sample of a destination’s test. alert: a notification. */
                            purpose?: string;
                            /** @description Host of the receiver. */
                            receiver?: string;
                            /** @description Dead letters of which a copy was delivered: yes, only them; no, all others; any. Without it, `failure` and the status `failed` leave them out. */
                            recovered?: string;
                            /** @description For example `404` or `5xx`; several are separated by commas. */
                            response_status?: string;
                            /** @description One or more, separated by commas. */
                            status?: string;
                            /** @description Search words: each must match the start of a word of the visitor’s name, company, id at the site (such as an e-mail address) or ghost_vid. Alternatively the id of a delivery. */
                            text?: string;
                            /**
                             * Format: date-time
                             * @description Created before this time.
                             */
                            to?: string;
                            /** @description Queued and retrying deliveries by what they wait for. due: a worker. held: their receiver. paused: their destination, operation or lane. scheduled: the time of the next attempt. */
                            wait?: string;
                            /** @description One or more, separated by commas. */
                            webhook_type?: string;
                        };
                        /** @description Also send members that are recovered: a copy of them was delivered. False by default: they are skipped. */
                        include_recovered?: boolean;
                        /**
                         * @description resend: sends the stored payloads with the same webhook-id. re_export: sends fresh data as new deliveries. export: sends visitors to a saved destination. cancel: cancels deliveries that wait.
                         * @enum {unknown}
                         */
                        kind: "resend" | "re_export" | "export" | "cancel";
                        /** @description Most deliveries per second; 50 by default, 1000 to cancel. */
                        rate?: number;
                        siteId?: number;
                        visitors?: {
                            country?: string;
                            /** @description Only these visitors. */
                            ghost_vids?: string[];
                            /** @description true: only visitors with an id at the site; false: only visitors without. */
                            identified?: boolean;
                            score_min?: number;
                            /**
                             * Format: date-time
                             * @description Last seen at this time or later.
                             */
                            seen_from?: string;
                            /**
                             * Format: date-time
                             * @description Last seen before this time.
                             */
                            seen_to?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            by_cause: {
                                cause: string | null;
                                count: number;
                            }[];
                            /** @description The twenty receivers with the most members. */
                            by_receiver: {
                                count: number;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description Host of the receiver. */
                                receiver: string;
                            }[];
                            by_type: {
                                count: number;
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                            /** @description Whether there are more; the operation covers only those counted. */
                            capped: boolean;
                            /** @description Duration at the requested rate, but not faster than an operation can run. A slow receiver takes longer. */
                            estimated_seconds: number;
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            matched: number;
                            operation: {
                                /** @enum {unknown} */
                                canary: "off" | "pending" | "running" | "passed" | "failed";
                                counts: {
                                    /** @description Cancelled by hand, by the operation, with the operation or with an erased visitor. The ledger of a cancelled operation lists the members that it never began with the reason `never_begun`. */
                                    cancelled: number;
                                    /** @description Planned members that no longer matched the filter when their turn came, for example because somebody else had sent them. They have no line in the ledger; with them the counts add up to `matched`. */
                                    changed: number;
                                    delivered: number;
                                    failed: number;
                                    /** @description Members that the plan found; the operation covers at most these. */
                                    matched: number;
                                    skipped: number;
                                    /** @description Members that are begun but not settled. */
                                    waiting: number;
                                };
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description E-mail address. */
                                created_by: string;
                                destination_id: string | null;
                                /** @description The failure groups of the failed members. */
                                failed_into: {
                                    count: number;
                                    /** @description Fingerprint of a failure group. */
                                    failure: string;
                                }[];
                                /** @description The frozen selection: filter, ids or visitors. */
                                filter: {
                                    [key: string]: unknown;
                                };
                                finished_at: string | null;
                                /** @description Whether it also sends recovered members. */
                                include_recovered: boolean;
                                /** @enum {unknown} */
                                kind: "resend" | "re_export" | "export" | "cancel";
                                operation_id: string;
                                progress: number;
                                rate: number;
                                /** @description The reason that the user gave. */
                                reason: string | null;
                                /** @description Estimate; null if unknown. */
                                seconds_left: number | null;
                                siteId: number;
                                skipped_because: {
                                    [key: string]: number;
                                };
                                started_at: string | null;
                                /** @enum {unknown} */
                                state: "planned" | "running" | "paused" | "completed" | "cancelled" | "expired";
                                state_reason: string | null;
                                /** @description The operation covers nothing newer than this. */
                                watermark: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    note: string;
                                };
                            };
                            warnings: {
                                /** @enum {unknown} */
                                code: "duplicates" | "possible_duplicates" | "skips_not_counted" | "superseded_not_counted";
                                /** @description Number of members it applies to. */
                                count: number | null;
                                text: string;
                            }[];
                            /** @description Members that would be skipped now. A warning says which reasons were not counted because of too many members. */
                            will_skip: {
                                count: number;
                                /** @enum {unknown} */
                                reason: "unfinished" | "state_changed" | "payload_gone" | "visitor_gone" | "destination_gone" | "destination_disabled" | "destination_paused" | "superseded" | "unchanged" | "recovered" | "not_waiting" | "being_sent";
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/receivers/{host}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the health of the receiver of a site’s ad-hoc URLs
         * @description All URLs of a host that a site uses without a saved destination share one budget. A host that limits each webhook on its own, as chat tools do, has a budget per webhook, which only the explanation of a delivery shows. An unknown host counts as healthy.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The site; 4 by default. */
                    siteId?: string;
                };
                header?: never;
                path: {
                    /** @description Host name of a receiver, with the port if it is not the default. */
                    host: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description open: requests are stopped because the receiver failed repeatedly; half_open: one trial request checks whether it works again.
                             * @enum {unknown}
                             */
                            breaker: "closed" | "open" | "half_open";
                            /** @description The current limit of concurrent requests, which adapts to the receiver’s responses. */
                            concurrency_now: number;
                            /** @description Requests in flight. */
                            in_flight: number;
                            /** @description Moving mean of the response times. */
                            mean_duration_ms: number;
                            open_until: string | null;
                            /** @description Until when the receiver asked for no requests (Retry-After). */
                            throttled_until: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the signed-in user and the sites they can access
         * @description With an API key: its creator, its site and its role there.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            sites: {
                                id: number;
                                name: string;
                                role: string;
                            }[];
                            user: {
                                email: string;
                                id: string;
                                name: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Sign in
         * @description Sets the `session` cookie. Limited per caller address. Wrong passwords slow the next tries on the account down. A user has at most 50 sessions; one more ends the oldest. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            expires_at: string;
                            sites: {
                                id: number;
                                name: string;
                                role: string;
                            }[];
                            user: {
                                email: string;
                                id: string;
                                name: string;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Sign out
         * @description Revokes the session; it stops working everywhere within 5 seconds.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your own sessions
         * @description Where you are signed in. The ids are not the tokens.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The current session first, then the one used last; at most 50. */
                            items: {
                                /** @description ISO 8601, UTC. */
                                created_at: string;
                                /** @description True for the session of this request. */
                                current: boolean;
                                /** @description ISO 8601, UTC. */
                                expires_at: string;
                                id: string;
                                /** @description ISO 8601, UTC, to the minute; null if the session was not used yet. */
                                last_used_at: string | null;
                                /** @description The address that signed in, or the /64 of its IPv6 address. */
                                network: string | null;
                                /** @description The browser or program that signed in, as it names itself. */
                                user_agent: string | null;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * End all your own sessions except this one
         * @description They stop working everywhere within 5 seconds.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ended. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your own sessions
         * @description It stops working everywhere within 5 seconds.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ended. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the first account
         * @description An API that finds no account prints a link when it starts. The account is admin of every site; the first site is created if there is none. Limited per caller address, as sign-ins are. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Stored in lower case. */
                        email: string;
                        name: string;
                        password: string;
                        /** @description Name of the first site. Ignored if the installation has sites. */
                        site_name: string;
                        /** @description The part of the link after #. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            email: string;
                            /** @description The sites that the account is admin of. */
                            siteIds: number[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how people sign in here
         * @description Read how people sign in here.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Through an OpenID Connect issuer: GET /api/oidc/start. */
                            oidc: boolean;
                            /** @description With e-mail address and password. */
                            password: boolean;
                            /** @description There is no account yet. The API printed a link when it started. */
                            setup_needed: boolean;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the attempts by result, with their durations, over time
         * @description The workers add up the numbers every two seconds. For single deliveries use the delivery log.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only attempts of this saved destination. */
                    destination_id?: string;
                    /** @description How far back from now; 24h by default. */
                    range?: "1h" | "24h" | "7d" | "30d";
                    /** @description The site; 4 by default. */
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The same numbers for the previous period of equal length. */
                            before: {
                                /** @description Attempts that delivered. */
                                delivered: number;
                                /** @description Attempts after which a delivery became a dead letter. */
                                failed: number;
                                /** @description Milliseconds that half of the attempts took at most, accurate to 20 %; null if there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are retried. */
                                retried: number;
                                /** @description Share of delivered among finished deliveries; null if none finished. */
                                success: number | null;
                            };
                            bucket_seconds: number;
                            /** @description Oldest first, without gaps; the last bucket is still open. */
                            buckets: {
                                /** @description ISO 8601, UTC. */
                                at: string;
                                /** @description Attempts that delivered. */
                                delivered: number;
                                /** @description Attempts after which a delivery became a dead letter. */
                                failed: number;
                                /** @description Milliseconds that half of the attempts took at most, accurate to 20 %; null if there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are retried. */
                                retried: number;
                                /** @description Share of delivered among finished deliveries; null if none finished. */
                                success: number | null;
                            }[];
                            /** @enum {unknown} */
                            range: "1h" | "24h" | "7d" | "30d";
                            total: {
                                /** @description Attempts that delivered. */
                                delivered: number;
                                /** @description Attempts after which a delivery became a dead letter. */
                                failed: number;
                                /** @description Milliseconds that half of the attempts took at most, accurate to 20 %; null if there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are retried. */
                                retried: number;
                                /** @description Share of delivered among finished deliveries; null if none finished. */
                                success: number | null;
                            };
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the last 24 hours and the current receiver health of each saved destination
         * @description Read the last 24 hours and the current receiver health of each saved destination.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The site; 4 by default. */
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Sorted by name, with the numbers of the last 24 hours. */
                            items: {
                                /** @description Attempts that delivered. */
                                delivered: number;
                                destination_id: string;
                                /** @description Attempts after which a delivery became a dead letter. */
                                failed: number;
                                health: {
                                    /**
                                     * @description open: requests are stopped because the receiver failed repeatedly; half_open: one trial request checks whether it works again.
                                     * @enum {unknown}
                                     */
                                    breaker: "closed" | "open" | "half_open";
                                    /** @description The current limit of concurrent requests, which adapts to the receiver’s responses. */
                                    concurrency_now: number;
                                    /** @description Requests in flight. */
                                    in_flight: number;
                                    /** @description Moving mean of the response times. */
                                    mean_duration_ms: number;
                                    open_until: string | null;
                                    /** @description Until when the receiver asked for no requests (Retry-After). */
                                    throttled_until: string | null;
                                };
                                /** @description The last 24 hours, oldest first; the last one is still open. */
                                hours: {
                                    /** @description Attempts that delivered. */
                                    delivered: number;
                                    /** @description Attempts after which a delivery became a dead letter. */
                                    failed: number;
                                    /** @description Attempts that failed and are retried. */
                                    retried: number;
                                }[];
                                /** @description Precise to the minute, to the hour after two days; null if never, or before the retention of statistics. */
                                last_delivered_at: string | null;
                                /** @description Milliseconds that half of the attempts took at most, accurate to 20 %; null if there were none. */
                                p50_ms: number | null;
                                /** @description Milliseconds that 95 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p95_ms: number | null;
                                /** @description Milliseconds that 99 % of the attempts took at most, accurate to 20 %; null if there were none. */
                                p99_ms: number | null;
                                /** @description Attempts that failed and are retried. */
                                retried: number;
                                /** @description Share of delivered among finished deliveries; null if none finished. */
                                success: number | null;
                                /** @description Unfinished deliveries to it; counts at most 10,000 of the site. */
                                waiting: number;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream the live events of a site
         * @description Server-Sent Events: `deliveries` (up to 100 deliveries that changed state, and how many `more`), `operations` (ids of operations that changed or progressed), `counters` (how many deliveries entered each state), `reset` (events were missed: reload). Send `Last-Event-ID` to receive the events since then; a browser sends it by itself. The server ends the connection after about two minutes, or when the session or the role has ended; the client must reconnect, which a browser does by itself.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: {
                    "last-event-id"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the state of the installation: stores, lanes, workers, backlog
         * @description Needs a role in a site. An admin of every site gets the numbers of all sites together. Any other account gets the backlog of its own sites, and neither the names of people and machines nor numbers about other sites. Counted at most once a second.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog: {
                                capped: boolean;
                                due: number;
                                /** @description The receivers that are left alone for a time, at most twenty, the most deliveries first. */
                                held_receivers: {
                                    count: number;
                                    destination_id: string | null;
                                    destination_name: string | null;
                                    /**
                                     * @description breaker_open: it keeps failing. throttled: it asked for no requests for a time.
                                     * @enum {unknown}
                                     */
                                    reason: "breaker_open" | "throttled";
                                    /** @description Host of the receiver. */
                                    receiver: string;
                                    siteId: number;
                                    /** @description ISO 8601, UTC. */
                                    until: string;
                                }[];
                                lanes: {
                                    /** @description Of the deliveries that count: mean of the last five minutes. */
                                    attempts_per_minute: number;
                                    coming: {
                                        count: number;
                                        /** @description Upper bound; the previous entry is the lower bound. Null for all later ones. */
                                        within_minutes: number | null;
                                    }[];
                                    draining: {
                                        /** @description Growth in deliveries per minute, while growing. */
                                        per_minute: number | null;
                                        /** @description Time until nothing is due, if as many arrive as recently. */
                                        seconds_high: number | null;
                                        /** @description Time until nothing is due, if no more arrive. */
                                        seconds_low: number | null;
                                        /**
                                         * @description idle: nothing is due. held: the lane is paused. no_worker: no worker runs. growing: more deliveries arrive than are attempted. unknown: no recent attempts.
                                         * @enum {unknown}
                                         */
                                        state: "idle" | "held" | "no_worker" | "unknown" | "growing" | "draining";
                                    };
                                    /** @description Due deliveries that only wait for a worker. */
                                    due: number;
                                    /** @description Due deliveries whose destination or operation is paused. */
                                    held: number;
                                    /** @description Due deliveries that wait for their receiver: see `held_receivers`. `due` leaves them out. */
                                    held_by_receiver: number;
                                    /** @enum {unknown} */
                                    lane: "live" | "retry" | "bulk";
                                    /** @description Time since the oldest due delivery became due; null if none is due. */
                                    oldest_due_seconds: number | null;
                                }[];
                                oldest_due_seconds: number | null;
                                retries: {
                                    count: number;
                                    /** @description Upper bound; the previous entry is the lower bound. Null for all later ones. */
                                    within_minutes: number | null;
                                }[];
                            };
                            checks: {
                                database: string;
                                queue: string;
                            };
                            /** @description Whether GHOSTPOST_HOLD is true: the installation accepts exports and sends nothing. */
                            held: boolean;
                            /** @description Null while the queue does not respond. */
                            lanes: {
                                /** @description Jobs that a worker has taken, of all sites together. Null unless the caller is admin of every site. */
                                active: number | null;
                                /** @description Jobs for later, of all sites together. Null unless the caller is admin of every site. */
                                delayed: number | null;
                                /** @description Jobs that failed with an error of our own, of all sites together. Null unless the caller is admin of every site. */
                                failed: number | null;
                                /** @enum {unknown} */
                                lane: "live" | "retry" | "bulk";
                                paused: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description E-mail address of the user who paused it; null if the account was deleted. Null unless the caller is admin of every site. */
                                    by: string | null;
                                    reason: string;
                                } | null;
                                /** @description Jobs that wait for a worker, of all sites together. Null unless the caller is admin of every site. */
                                waiting: number | null;
                            }[] | null;
                            /** @description Whether the caller may pause lanes. */
                            may_pause: boolean;
                            /** @description Path of the raw queues; null if the page is off. Null unless the caller is admin of every site. */
                            raw_queues: string | null;
                            /**
                             * @description The deliveries that `backlog` counts: of all sites, for an admin of every site; otherwise of the sites in which the caller has a role.
                             * @enum {unknown}
                             */
                            scope: "all_sites" | "own_sites";
                            /** @description State reported by the stores; null for a store that does not respond. Null unless the caller is admin of every site. Others find in `checks` whether a store works. */
                            stores: {
                                database: {
                                    connections: number;
                                    connections_max: number;
                                    latency_ms: number;
                                    size_bytes: number;
                                    version: string;
                                } | null;
                                queue: {
                                    clients: number | null;
                                    eviction_policy: string | null;
                                    /** @description Whether it logs writes to disk. */
                                    is_persistent: boolean | null;
                                    /** @enum {unknown} */
                                    kind: "redis" | "postgres";
                                    latency_ms: number;
                                    /** @description Null if the store sets no limit. */
                                    max_bytes: number | null;
                                    uptime_seconds: number | null;
                                    used_bytes: number | null;
                                    version: string | null;
                                } | null;
                            };
                            version: string;
                            workers: {
                                /** @description Most concurrent deliveries in each lane. */
                                concurrency: number;
                                /** @description Name of its machine. Null unless the caller is admin of every site. */
                                host: string | null;
                                id: string;
                                /** @description Whether its version differs from the responding API’s version. */
                                other_version: boolean;
                                /** @description ISO 8601, UTC. */
                                seen_at: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                version: string;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/lanes/{lane}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a lane
         * @description Within two seconds workers stop taking deliveries from the lane; running attempts finish. It affects all sites and needs the role admin in every site. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    lane: "live" | "retry" | "bulk";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog: {
                                capped: boolean;
                                due: number;
                                /** @description The receivers that are left alone for a time, at most twenty, the most deliveries first. */
                                held_receivers: {
                                    count: number;
                                    destination_id: string | null;
                                    destination_name: string | null;
                                    /**
                                     * @description breaker_open: it keeps failing. throttled: it asked for no requests for a time.
                                     * @enum {unknown}
                                     */
                                    reason: "breaker_open" | "throttled";
                                    /** @description Host of the receiver. */
                                    receiver: string;
                                    siteId: number;
                                    /** @description ISO 8601, UTC. */
                                    until: string;
                                }[];
                                lanes: {
                                    /** @description Of the deliveries that count: mean of the last five minutes. */
                                    attempts_per_minute: number;
                                    coming: {
                                        count: number;
                                        /** @description Upper bound; the previous entry is the lower bound. Null for all later ones. */
                                        within_minutes: number | null;
                                    }[];
                                    draining: {
                                        /** @description Growth in deliveries per minute, while growing. */
                                        per_minute: number | null;
                                        /** @description Time until nothing is due, if as many arrive as recently. */
                                        seconds_high: number | null;
                                        /** @description Time until nothing is due, if no more arrive. */
                                        seconds_low: number | null;
                                        /**
                                         * @description idle: nothing is due. held: the lane is paused. no_worker: no worker runs. growing: more deliveries arrive than are attempted. unknown: no recent attempts.
                                         * @enum {unknown}
                                         */
                                        state: "idle" | "held" | "no_worker" | "unknown" | "growing" | "draining";
                                    };
                                    /** @description Due deliveries that only wait for a worker. */
                                    due: number;
                                    /** @description Due deliveries whose destination or operation is paused. */
                                    held: number;
                                    /** @description Due deliveries that wait for their receiver: see `held_receivers`. `due` leaves them out. */
                                    held_by_receiver: number;
                                    /** @enum {unknown} */
                                    lane: "live" | "retry" | "bulk";
                                    /** @description Time since the oldest due delivery became due; null if none is due. */
                                    oldest_due_seconds: number | null;
                                }[];
                                oldest_due_seconds: number | null;
                                retries: {
                                    count: number;
                                    /** @description Upper bound; the previous entry is the lower bound. Null for all later ones. */
                                    within_minutes: number | null;
                                }[];
                            };
                            checks: {
                                database: string;
                                queue: string;
                            };
                            /** @description Whether GHOSTPOST_HOLD is true: the installation accepts exports and sends nothing. */
                            held: boolean;
                            /** @description Null while the queue does not respond. */
                            lanes: {
                                /** @description Jobs that a worker has taken, of all sites together. Null unless the caller is admin of every site. */
                                active: number | null;
                                /** @description Jobs for later, of all sites together. Null unless the caller is admin of every site. */
                                delayed: number | null;
                                /** @description Jobs that failed with an error of our own, of all sites together. Null unless the caller is admin of every site. */
                                failed: number | null;
                                /** @enum {unknown} */
                                lane: "live" | "retry" | "bulk";
                                paused: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description E-mail address of the user who paused it; null if the account was deleted. Null unless the caller is admin of every site. */
                                    by: string | null;
                                    reason: string;
                                } | null;
                                /** @description Jobs that wait for a worker, of all sites together. Null unless the caller is admin of every site. */
                                waiting: number | null;
                            }[] | null;
                            /** @description Whether the caller may pause lanes. */
                            may_pause: boolean;
                            /** @description Path of the raw queues; null if the page is off. Null unless the caller is admin of every site. */
                            raw_queues: string | null;
                            /**
                             * @description The deliveries that `backlog` counts: of all sites, for an admin of every site; otherwise of the sites in which the caller has a role.
                             * @enum {unknown}
                             */
                            scope: "all_sites" | "own_sites";
                            /** @description State reported by the stores; null for a store that does not respond. Null unless the caller is admin of every site. Others find in `checks` whether a store works. */
                            stores: {
                                database: {
                                    connections: number;
                                    connections_max: number;
                                    latency_ms: number;
                                    size_bytes: number;
                                    version: string;
                                } | null;
                                queue: {
                                    clients: number | null;
                                    eviction_policy: string | null;
                                    /** @description Whether it logs writes to disk. */
                                    is_persistent: boolean | null;
                                    /** @enum {unknown} */
                                    kind: "redis" | "postgres";
                                    latency_ms: number;
                                    /** @description Null if the store sets no limit. */
                                    max_bytes: number | null;
                                    uptime_seconds: number | null;
                                    used_bytes: number | null;
                                    version: string | null;
                                } | null;
                            };
                            version: string;
                            workers: {
                                /** @description Most concurrent deliveries in each lane. */
                                concurrency: number;
                                /** @description Name of its machine. Null unless the caller is admin of every site. */
                                host: string | null;
                                id: string;
                                /** @description Whether its version differs from the responding API’s version. */
                                other_version: boolean;
                                /** @description ISO 8601, UTC. */
                                seen_at: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                version: string;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/lanes/{lane}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a lane
         * @description Resume a lane. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    lane: "live" | "retry" | "bulk";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            backlog: {
                                capped: boolean;
                                due: number;
                                /** @description The receivers that are left alone for a time, at most twenty, the most deliveries first. */
                                held_receivers: {
                                    count: number;
                                    destination_id: string | null;
                                    destination_name: string | null;
                                    /**
                                     * @description breaker_open: it keeps failing. throttled: it asked for no requests for a time.
                                     * @enum {unknown}
                                     */
                                    reason: "breaker_open" | "throttled";
                                    /** @description Host of the receiver. */
                                    receiver: string;
                                    siteId: number;
                                    /** @description ISO 8601, UTC. */
                                    until: string;
                                }[];
                                lanes: {
                                    /** @description Of the deliveries that count: mean of the last five minutes. */
                                    attempts_per_minute: number;
                                    coming: {
                                        count: number;
                                        /** @description Upper bound; the previous entry is the lower bound. Null for all later ones. */
                                        within_minutes: number | null;
                                    }[];
                                    draining: {
                                        /** @description Growth in deliveries per minute, while growing. */
                                        per_minute: number | null;
                                        /** @description Time until nothing is due, if as many arrive as recently. */
                                        seconds_high: number | null;
                                        /** @description Time until nothing is due, if no more arrive. */
                                        seconds_low: number | null;
                                        /**
                                         * @description idle: nothing is due. held: the lane is paused. no_worker: no worker runs. growing: more deliveries arrive than are attempted. unknown: no recent attempts.
                                         * @enum {unknown}
                                         */
                                        state: "idle" | "held" | "no_worker" | "unknown" | "growing" | "draining";
                                    };
                                    /** @description Due deliveries that only wait for a worker. */
                                    due: number;
                                    /** @description Due deliveries whose destination or operation is paused. */
                                    held: number;
                                    /** @description Due deliveries that wait for their receiver: see `held_receivers`. `due` leaves them out. */
                                    held_by_receiver: number;
                                    /** @enum {unknown} */
                                    lane: "live" | "retry" | "bulk";
                                    /** @description Time since the oldest due delivery became due; null if none is due. */
                                    oldest_due_seconds: number | null;
                                }[];
                                oldest_due_seconds: number | null;
                                retries: {
                                    count: number;
                                    /** @description Upper bound; the previous entry is the lower bound. Null for all later ones. */
                                    within_minutes: number | null;
                                }[];
                            };
                            checks: {
                                database: string;
                                queue: string;
                            };
                            /** @description Whether GHOSTPOST_HOLD is true: the installation accepts exports and sends nothing. */
                            held: boolean;
                            /** @description Null while the queue does not respond. */
                            lanes: {
                                /** @description Jobs that a worker has taken, of all sites together. Null unless the caller is admin of every site. */
                                active: number | null;
                                /** @description Jobs for later, of all sites together. Null unless the caller is admin of every site. */
                                delayed: number | null;
                                /** @description Jobs that failed with an error of our own, of all sites together. Null unless the caller is admin of every site. */
                                failed: number | null;
                                /** @enum {unknown} */
                                lane: "live" | "retry" | "bulk";
                                paused: {
                                    /** @description ISO 8601, UTC. */
                                    at: string;
                                    /** @description E-mail address of the user who paused it; null if the account was deleted. Null unless the caller is admin of every site. */
                                    by: string | null;
                                    reason: string;
                                } | null;
                                /** @description Jobs that wait for a worker, of all sites together. Null unless the caller is admin of every site. */
                                waiting: number | null;
                            }[] | null;
                            /** @description Whether the caller may pause lanes. */
                            may_pause: boolean;
                            /** @description Path of the raw queues; null if the page is off. Null unless the caller is admin of every site. */
                            raw_queues: string | null;
                            /**
                             * @description The deliveries that `backlog` counts: of all sites, for an admin of every site; otherwise of the sites in which the caller has a role.
                             * @enum {unknown}
                             */
                            scope: "all_sites" | "own_sites";
                            /** @description State reported by the stores; null for a store that does not respond. Null unless the caller is admin of every site. Others find in `checks` whether a store works. */
                            stores: {
                                database: {
                                    connections: number;
                                    connections_max: number;
                                    latency_ms: number;
                                    size_bytes: number;
                                    version: string;
                                } | null;
                                queue: {
                                    clients: number | null;
                                    eviction_policy: string | null;
                                    /** @description Whether it logs writes to disk. */
                                    is_persistent: boolean | null;
                                    /** @enum {unknown} */
                                    kind: "redis" | "postgres";
                                    latency_ms: number;
                                    /** @description Null if the store sets no limit. */
                                    max_bytes: number | null;
                                    uptime_seconds: number | null;
                                    used_bytes: number | null;
                                    version: string | null;
                                } | null;
                            };
                            version: string;
                            workers: {
                                /** @description Most concurrent deliveries in each lane. */
                                concurrency: number;
                                /** @description Name of its machine. Null unless the caller is admin of every site. */
                                host: string | null;
                                id: string;
                                /** @description Whether its version differs from the responding API’s version. */
                                other_version: boolean;
                                /** @description ISO 8601, UTC. */
                                seen_at: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                                version: string;
                            }[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search the visitors of a site
         * @description List and search the visitors of a site.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /** @description The whole id. */
                    identified_user?: string;
                    limit?: string;
                    score_min?: string;
                    /** @description Seen then or later. */
                    seen_from?: string;
                    siteId?: string;
                    /** @description Words, each the beginning of a word of the name, the company or an id. */
                    text?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The one seen last first. */
                            items: {
                                browser: string | null;
                                city: string | null;
                                company: string | null;
                                country: string | null;
                                device_type: string | null;
                                /** @description ISO 8601, UTC. */
                                first_seen: string;
                                ghost_vid: string;
                                identified_user_id: string | null;
                                /** @description ISO 8601, UTC. */
                                last_seen: string;
                                name: string | null;
                                score: number;
                                total_pageviews: number;
                                total_sessions: number;
                                total_time_seconds: number;
                                traits: {
                                    [key: string]: unknown;
                                } | null;
                            }[];
                            /** @description Send it as `cursor` for the next page; null at the end. */
                            next_cursor: string | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors/{ghost_vid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a visitor, and what was exported where
         * @description Read a visitor, and what was exported where.
         */
        get: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    ghost_vid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            browser: string | null;
                            city: string | null;
                            company: string | null;
                            country: string | null;
                            device_type: string | null;
                            /** @description The newest first, at most 20. */
                            events: {
                                event_id: string | null;
                                /** @description ISO 8601, UTC. */
                                occurred_at: string;
                                page: string | null;
                                type: string;
                            }[];
                            /** @description What was exported where, the newest first. */
                            exports: {
                                /** @description Those of them that the receiver accepted. */
                                delivered: number;
                                /** @description Deliveries to it, among the newest 1,000 of the visitor. */
                                deliveries: number;
                                destination_id: string | null;
                                destination_name: string | null;
                                /** @description ISO 8601, UTC. */
                                last_created_at: string;
                                /** @description ISO 8601, UTC. */
                                last_delivered_at: string | null;
                                last_delivery_id: string;
                                last_status: string;
                                receiver_host: string;
                                /**
                                 * @description Kind of destination; custom by default.
                                 * @enum {unknown}
                                 */
                                webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                            }[];
                            /** @description ISO 8601, UTC. */
                            first_seen: string;
                            ghost_vid: string;
                            identified_user_id: string | null;
                            /** @description ISO 8601, UTC. */
                            last_seen: string;
                            name: string | null;
                            score: number;
                            /** @description The newest first, at most 10. */
                            sessions: {
                                /** @description ISO 8601, UTC. */
                                ended_at: string | null;
                                entry_page: string | null;
                                exit_page: string | null;
                                pageview_count: number;
                                referrer: string | null;
                                session_id: string;
                                /** @description ISO 8601, UTC. */
                                started_at: string;
                            }[];
                            total_pageviews: number;
                            total_sessions: number;
                            total_time_seconds: number;
                            traits: {
                                [key: string]: unknown;
                            } | null;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /**
         * Store a visitor
         * @description Creates or replaces the profile, and adds sessions and events. The newest `last_seen` wins, whatever the order of the calls, and a repeated call changes nothing. A visitor who was erased is not stored.
         */
        put: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    ghost_vid: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        browser?: string | null;
                        city?: string | null;
                        company?: string | null;
                        country?: string | null;
                        device_type?: string | null;
                        events?: {
                            /** @description Your own id of the event, unique for the visitor. An event that is sent again is stored once. */
                            event_id: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339. At most 5 minutes in the future.
                             */
                            occurred_at: string;
                            page?: string | null;
                            type: string;
                        }[];
                        /**
                         * Format: date-time
                         * @description RFC 3339. The oldest one is kept. `last_seen` by default.
                         */
                        first_seen?: string;
                        identified_user_id?: string | null;
                        /**
                         * Format: date-time
                         * @description RFC 3339. The newest one wins: an older profile changes nothing. At most 5 minutes in the future.
                         */
                        last_seen: string;
                        name?: string | null;
                        /** @default 0 */
                        score?: number;
                        sessions?: {
                            ended_at?: string | null;
                            entry_page?: string | null;
                            exit_page?: string | null;
                            /** @default 0 */
                            pageview_count?: number;
                            referrer?: string | null;
                            /** @description Unique for the visitor. A session sent again replaces the stored one if it ended later. */
                            session_id: string;
                            /**
                             * Format: date-time
                             * @description RFC 3339. At most 5 minutes in the future.
                             */
                            started_at: string;
                        }[];
                        /** @default 0 */
                        total_pageviews?: number;
                        /** @default 0 */
                        total_sessions?: number;
                        /** @default 0 */
                        total_time_seconds?: number;
                        /** @description Your own facts about the visitor: a JSON object of at most 8 KiB. */
                        traits?: {
                            [key: string]: unknown;
                        } | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ghost_vid: string;
                            /**
                             * @description `unchanged`: the stored profile is as new or newer, and no session or event is.
                             * @enum {unknown}
                             */
                            result: "created" | "updated" | "unchanged";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors/{ghost_vid}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a visitor
         * @description Deletes the profile and, in all deliveries of the visitor, the payload, the receivers’ responses and the visitor’s id; cancels waiting deliveries. It cannot be undone, and it is safe to repeat. The visitor is suppressed from then on: no way in stores it again, until an admin lifts the suppression. Receivers must erase their own copies. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    ghost_vid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What this call erased; all zero if nothing was left. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Attempts whose stored responses were deleted. */
                            attempts: number;
                            /** @description Waiting deliveries among them, which were cancelled. */
                            cancelled: number;
                            /** @description Deliveries whose visitor id was removed. */
                            deliveries: number;
                            /** @description Deleted responses to idempotent requests. */
                            idempotency_keys: number;
                            /** @description Deliveries among them that a worker was sending; their responses are not stored. */
                            in_flight: number;
                            /** @description Deleted payloads. */
                            payloads: number;
                            /** @description Whether a profile was deleted. */
                            profile: boolean;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors/{ghost_vid}/suppression": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Lift the suppression of an erased visitor
         * @description The visitor may be stored and exported again. What was erased does not come back.
         */
        delete: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path: {
                    ghost_vid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Lifted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/visitors/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store many visitors
         * @description At most 10000 rows, as a JSON array or as lines of JSON (`application/x-ndjson`). A row is the body of `PUT /api/visitors/{ghost_vid}` with `ghost_vid`. A refused row does not stop the others. Rows are stored while they arrive, so send a batch again when the call fails: what is stored already does not change. It takes no `Idempotency-Key` (400 `idempotency_key_refused`).
         */
        post: {
            parameters: {
                query?: {
                    /** @description Checks the rows and stores nothing. */
                    dry_run?: "true" | "false";
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created: number;
                            refused: number;
                            /** @description One per row, in the order of the rows. */
                            results: {
                                error?: {
                                    code: string;
                                    details?: {
                                        /** @description What was expected there. */
                                        expected: string;
                                        /** @description The field, header or parameter that is wrong. */
                                        field: string;
                                    }[];
                                    message: string;
                                };
                                ghost_vid: string | null;
                                /**
                                 * @description `suppressed`: the visitor was erased. `refused`: `error` says why. `valid`: only with `dry_run`.
                                 * @enum {unknown}
                                 */
                                result: "created" | "updated" | "unchanged" | "suppressed" | "refused" | "valid";
                                /** @description The number of the row, from 1. */
                                row: number;
                            }[];
                            rows: number;
                            suppressed: number;
                            unchanged: number;
                            updated: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the supported webhook types and a reference payload
         * @description List the supported webhook types and a reference payload.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            example_payload: {
                                ghost_vid: string;
                                include_events: boolean;
                                include_journey: boolean;
                                siteId: number;
                                webhook_type: string;
                                webhook_url: string;
                            };
                            supported_types: string[];
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Send visitor data to an external webhook target
         * @description Stores a delivery, enqueues it for a worker, and responds with the result as soon as the first attempt has settled. The delivery continues if the caller disconnects.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A repeat with the same key and body within 24 h gets the first response again; with another body, 409. */
                    "idempotency-key"?: string;
                    /** @description `respond-async`: respond 202 as soon as the delivery is stored. `wait=N`: wait at most N seconds (0 to 30). */
                    prefer?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "ghost_vid": "gv_a1b2c3d4_e5f6g7h8",
                     *       "webhook_url": "https://example.com/webhook",
                     *       "siteId": 4
                     *     }
                     */
                    "application/json": {
                        /** @description A saved destination, instead of webhook_url and webhook_type. */
                        destination_id?: string;
                        /** @description Visitor ID to export. */
                        ghost_vid: string;
                        /**
                         * @description Include recent event activity.
                         * @default true
                         */
                        include_events?: boolean;
                        /**
                         * @description Include recent session journey data.
                         * @default true
                         */
                        include_journey?: boolean;
                        /**
                         * @description Site that owns the visitor.
                         * @default 4
                         */
                        siteId?: number;
                        /**
                         * @description Kind of destination; custom by default.
                         * @enum {unknown}
                         */
                        webhook_type?: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        /** @description Destination webhook URL: an absolute http or https URL without user name and password. Required unless destination_id is given. */
                        webhook_url?: string;
                    };
                };
            };
            responses: {
                /** @description Delivered: the receiver accepted it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            delivered_at: string;
                            delivery_id: string;
                            ghost_vid: string;
                            /** @enum {boolean} */
                            success: true;
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description Stored but not delivered yet; workers continue. `Location` names the delivery. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            attempts: number;
                            delivery_id: string;
                            ghost_vid: string;
                            last_error: {
                                /** @description Stable cause code. */
                                code: string;
                                message: string;
                                response_status: number | null;
                            } | null;
                            next_attempt_at: string | null;
                            /** @enum {unknown} */
                            status: "queued" | "retrying";
                            /** @enum {boolean} */
                            success: false;
                            /**
                             * @description Kind of destination; custom by default.
                             * @enum {unknown}
                             */
                            webhook_type: "custom" | "hubspot" | "salesforce" | "slack" | "discord";
                        };
                    };
                };
                /** @description The receiver refused permanently, or the last attempt failed; the delivery is a dead letter. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            delivery_id: string;
                            error: {
                                /** @description Stable cause code. */
                                code: string;
                                message: string;
                                response_status: number | null;
                            };
                            /** @enum {unknown} */
                            status: "failed" | "cancelled";
                            /** @enum {boolean} */
                            success: false;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that this process is alive
         * @description Check that this process is alive.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                            version: string;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that this process can accept exports
         * @description A process that is about to stop responds 503 with `stopping` for a while: it still serves requests, but load balancers should send no more. It responds 503 without the database. It responds 200 `degraded` if the queue is down or unfit (`checks.queue` says how): it stores exports, responds 202, and workers deliver when the queue works again.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                /** @enum {unknown} */
                                database: "ok" | "down" | "full" | "read_only";
                                /**
                                 * @description down: the API still accepts exports and responds 202. evicting: the store may evict jobs. partial: some nodes of a cluster do not respond. forbidden: the store refuses the user, or a command that the queue needs, for example EVALSHA.
                                 * @enum {unknown}
                                 */
                                queue: "ok" | "down" | "full" | "read_only" | "evicting" | "partial" | "forbidden";
                            };
                            /**
                             * @description Present while GHOSTPOST_HOLD is true: nothing is sent.
                             * @enum {boolean}
                             */
                            held?: true;
                            /** @enum {unknown} */
                            status: "ready" | "degraded" | "unavailable" | "stopping";
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                /** @enum {unknown} */
                                database: "ok" | "down" | "full" | "read_only";
                                /**
                                 * @description down: the API still accepts exports and responds 202. evicting: the store may evict jobs. partial: some nodes of a cluster do not respond. forbidden: the store refuses the user, or a command that the queue needs, for example EVALSHA.
                                 * @enum {unknown}
                                 */
                                queue: "ok" | "down" | "full" | "read_only" | "evicting" | "partial" | "forbidden";
                            };
                            /**
                             * @description Present while GHOSTPOST_HOLD is true: nothing is sent.
                             * @enum {boolean}
                             */
                            held?: true;
                            /** @enum {unknown} */
                            status: "ready" | "degraded" | "unavailable" | "stopping";
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store messages of Segment’s HTTP API
         * @description At most 2500 messages (identify, track, page, screen), of 32 KiB each and 1 MiB together. Takes an API key as the write key: the user name of `Authorization: Basic`, or a Bearer key. What messages say about a visitor is merged field by field, in whatever order they arrive; a repeated message changes nothing. The site is that of the key. The body may be compressed with gzip. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                    "application/x-www-form-urlencoded": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ignored: number;
                            refused: number;
                            /** @description One per message, in the order of the messages. */
                            results: {
                                error?: {
                                    code: string;
                                    details: {
                                        /** @description What was expected there. */
                                        expected: string;
                                        /** @description The field, header or parameter that is wrong. */
                                        field: string;
                                    }[];
                                    message: string;
                                };
                                ghost_vid: string | null;
                                /** @description The number of the message, from 1. */
                                message: number;
                                message_id: string | null;
                                /**
                                 * @description `stored`: also when nothing changed. `suppressed`: the visitor was erased. `ignored`: a call such as `group` or `alias`, which says nothing about a visitor. `refused`: `error` says why.
                                 * @enum {unknown}
                                 */
                                result: "stored" | "suppressed" | "ignored" | "refused";
                            }[];
                            stored: number;
                            /** @enum {boolean} */
                            success: true;
                            suppressed: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store the traits of a visitor, as Segment’s HTTP API
         * @description Takes an API key as the write key: the user name of `Authorization: Basic`, or a Bearer key. What messages say about a visitor is merged field by field, in whatever order they arrive; a repeated message changes nothing. The site is that of the key. The body may be compressed with gzip. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                    "application/x-www-form-urlencoded": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ignored: number;
                            refused: number;
                            /** @description One per message, in the order of the messages. */
                            results: {
                                error?: {
                                    code: string;
                                    details: {
                                        /** @description What was expected there. */
                                        expected: string;
                                        /** @description The field, header or parameter that is wrong. */
                                        field: string;
                                    }[];
                                    message: string;
                                };
                                ghost_vid: string | null;
                                /** @description The number of the message, from 1. */
                                message: number;
                                message_id: string | null;
                                /**
                                 * @description `stored`: also when nothing changed. `suppressed`: the visitor was erased. `ignored`: a call such as `group` or `alias`, which says nothing about a visitor. `refused`: `error` says why.
                                 * @enum {unknown}
                                 */
                                result: "stored" | "suppressed" | "ignored" | "refused";
                            }[];
                            stored: number;
                            /** @enum {boolean} */
                            success: true;
                            suppressed: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/page": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store a page view of a visitor, as Segment’s HTTP API
         * @description Takes an API key as the write key: the user name of `Authorization: Basic`, or a Bearer key. What messages say about a visitor is merged field by field, in whatever order they arrive; a repeated message changes nothing. The site is that of the key. The body may be compressed with gzip. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                    "application/x-www-form-urlencoded": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ignored: number;
                            refused: number;
                            /** @description One per message, in the order of the messages. */
                            results: {
                                error?: {
                                    code: string;
                                    details: {
                                        /** @description What was expected there. */
                                        expected: string;
                                        /** @description The field, header or parameter that is wrong. */
                                        field: string;
                                    }[];
                                    message: string;
                                };
                                ghost_vid: string | null;
                                /** @description The number of the message, from 1. */
                                message: number;
                                message_id: string | null;
                                /**
                                 * @description `stored`: also when nothing changed. `suppressed`: the visitor was erased. `ignored`: a call such as `group` or `alias`, which says nothing about a visitor. `refused`: `error` says why.
                                 * @enum {unknown}
                                 */
                                result: "stored" | "suppressed" | "ignored" | "refused";
                            }[];
                            stored: number;
                            /** @enum {boolean} */
                            success: true;
                            suppressed: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Store an event of a visitor, as Segment’s HTTP API
         * @description Takes an API key as the write key: the user name of `Authorization: Basic`, or a Bearer key. What messages say about a visitor is merged field by field, in whatever order they arrive; a repeated message changes nothing. The site is that of the key. The body may be compressed with gzip. A repeat has no further effect, so it needs no `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: {
                    siteId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                    "application/x-www-form-urlencoded": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ignored: number;
                            refused: number;
                            /** @description One per message, in the order of the messages. */
                            results: {
                                error?: {
                                    code: string;
                                    details: {
                                        /** @description What was expected there. */
                                        expected: string;
                                        /** @description The field, header or parameter that is wrong. */
                                        field: string;
                                    }[];
                                    message: string;
                                };
                                ghost_vid: string | null;
                                /** @description The number of the message, from 1. */
                                message: number;
                                message_id: string | null;
                                /**
                                 * @description `stored`: also when nothing changed. `suppressed`: the visitor was erased. `ignored`: a call such as `group` or `alias`, which says nothing about a visitor. `refused`: `error` says why.
                                 * @enum {unknown}
                                 */
                                result: "stored" | "suppressed" | "ignored" | "refused";
                            }[];
                            stored: number;
                            /** @enum {boolean} */
                            success: true;
                            suppressed: number;
                        };
                    };
                };
                /** @description Refused, or failed. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            error: {
                /** @description validation_failed, malformed_json, malformed_request, idempotency_key_refused, invalid_credentials, unauthenticated, forbidden, password_sign_in_off, wrong_password, cross_site, destination_not_found, not_found, site_not_found, session_not_found, account_not_found, link_not_found, api_key_not_found, visitor_not_found, suppression_not_found, delivery_not_found, failure_group_not_found, operation_not_found, alert_rule_not_found, filter_required, delivery_unfinished, delivery_finished, confirmation_needed, payload_gone, visitor_gone, visitor_suppressed, operation_running, operation_state, installation_held, lane_running, idempotency_conflict, destination_disabled, destination_exists, alert_rule_exists, alert_rule_limit, account_exists, account_elsewhere, account_disabled, account_limit, own_account, last_admin, setup_done, api_key_exists, api_key_limit, method_not_allowed, request_timeout, body_too_large, unsupported_media_type, host_not_allowed, rate_limited, headers_too_large, internal_error, secrets_unreadable, secrets_not_configured, oidc_not_configured, email_not_configured, receiver_refused, overloaded, unavailable */
                code: string;
                details?: {
                    /** @description What was expected there. */
                    expected: string;
                    /** @description The field, header or parameter that is wrong. */
                    field: string;
                }[];
                message: string;
            };
            request_id: string;
            /** @enum {boolean} */
            success: false;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
