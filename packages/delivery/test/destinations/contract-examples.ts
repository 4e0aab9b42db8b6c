/** The payload examples of the public contract, unchanged. */
export const contractExamples = {
  custom: String.raw`
    {
      "ghost_vid": "gv_a1b2c3d4_e5f6g7h8",
      "score": 65,
      "status": "identified",
      "identified_user_id": "jane@example.com",
      "location": {
        "country": "United States",
        "city": "Austin"
      },
      "device": {
        "type": "desktop",
        "browser": "Chrome"
      },
      "engagement": {
        "total_sessions": 3,
        "total_pageviews": 11,
        "total_time_seconds": 421,
        "first_seen": "2026-03-02T09:12:11.000Z",
        "last_seen": "2026-03-10T17:14:22.000Z"
      },
      "journey": [
        {
          "session_id": "gs_123",
          "started_at": "2026-03-10T17:09:10.000Z",
          "ended_at": "2026-03-10T17:14:22.000Z",
          "pageview_count": 5,
          "entry_page": "/",
          "exit_page": "/pricing",
          "referrer": "https://google.com"
        }
      ],
      "recent_events": [
        {
          "type": "pageview",
          "page": "/pricing",
          "timestamp": "2026-03-10T17:14:22.000Z"
        }
      ],
      "links": {
        "profile": "https://analytics.ghostid.ai/visitor/gv_a1b2c3d4_e5f6g7h8",
        "connect": "https://analytics.ghostid.ai/talk/incoming?visitor=gv_a1b2c3d4_e5f6g7h8"
      },
      "exported_at": "2026-03-10T17:18:00.000Z"
    }
  `,
  hubspot: String.raw`
    {
      "properties": {
        "ghost_visitor_id": "gv_a1b2c3d4_e5f6g7h8",
        "email": "jane@example.com",
        "city": "Austin",
        "country": "United States",
        "hs_analytics_source": "GHOST",
        "ghost_score": "65",
        "ghost_sessions": "3",
        "ghost_pageviews": "11",
        "ghost_first_seen": "2026-03-02T09:12:11.000Z",
        "ghost_last_seen": "2026-03-10T17:14:22.000Z"
      }
    }
  `,
  salesforce: String.raw`
    {
      "Ghost_Visitor_ID__c": "gv_a1b2c3d4_e5f6g7h8",
      "Email": "jane@example.com",
      "City": "Austin",
      "Country": "United States",
      "LeadSource": "GHOST Visitor Intelligence",
      "Ghost_Score__c": 65,
      "Ghost_Sessions__c": 3,
      "Ghost_Pageviews__c": 11
    }
  `,
  slack: String.raw`
    {
      "blocks": [
        {
          "type": "header",
          "text": {
            "type": "plain_text",
            "text": "New Lead from GHOST"
          }
        },
        {
          "type": "section",
          "fields": [
            { "type": "mrkdwn", "text": "*Visitor ID:*\ngv_a1b2c3d4_e5f6g7h8" },
            { "type": "mrkdwn", "text": "*Score:*\n65/100" },
            { "type": "mrkdwn", "text": "*Location:*\nAustin, United States" },
            { "type": "mrkdwn", "text": "*Sessions:*\n3" }
          ]
        }
      ]
    }
  `,
  discord: String.raw`
    {
      "ghost_vid": "gv_a1b2c3d4_e5f6g7h8",
      "score": 65,
      "status": "identified",
      "identified_user_id": "jane@example.com",
      "location": {
        "country": "United States",
        "city": "Austin"
      },
      "engagement": {
        "total_sessions": 3,
        "total_pageviews": 11,
        "total_time_seconds": 421
      },
      "recent_events": [
        {
          "type": "pageview",
          "page": "/pricing",
          "timestamp": "2026-03-10T17:14:22.000Z"
        }
      ]
    }
  `,
} as const

/** An example as it is sent: the same keys in the same order, without white space. */
export function wireForm(example: string): string {
  return JSON.stringify(JSON.parse(example))
}
