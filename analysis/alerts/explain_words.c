/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain_words.h"

static const struct explain_words english = {
	.fact =
		{
			[FACT_OUTGOING] = "this host itself calls $1 addresses",
			[FACT_ESTABLISHED] =
				"$1 of the packets belong to connections that were open before",
			[FACT_ANSWERS] =
				"$1 of the packets are answers (SYN-ACK or RST), from $2 addresses",
			[FACT_ANSWERS_SPREAD] =
				"they come to $1 different ports, as answers to forged packets do",
			[FACT_FLAGS_SPREAD] = "packets without SYN to $1 ports from $2 addresses: "
					      "a scan that evades filters",
			[FACT_ICMP_ERRORS] = "$1 ICMP error messages",
			[FACT_TO_ALL] = "$1 packets to everybody on the network, not to this host",
			[FACT_FROM_NEAR] =
				"$1 packets of hosts nearby that look for names and services",
			[FACT_FLOOD] = "$1 in the busiest second, from $2 addresses that came "
				       "hardly more than once",
			[FACT_FLOOD_MILD] = "$1 in the busiest second, from $2 addresses that came "
					    "hardly more than once",
			[FACT_BURST] =
				"$1 of $2 come in one second, from addresses that came hardly more "
				"than once",
			[FACT_ONE_SOURCE] = "one address alone, $1 times",
			[FACT_ONE_SOURCE_HEAVY] = "$1 of $2 packets come from one address",
			[FACT_FEW_SOURCES] = "$1 different addresses want the same port",
			[FACT_MANY_SOURCES] = "$1 different addresses want the same port",
			[FACT_PORT_P2P] = "port $1 is the default of a P2P program",
			[FACT_PORT_SCAN] = "port $1 is one that scanners look for",
			[FACT_PORT_WORM] = "port $1 is one over which worms and bots spread",
			[FACT_PORT_BRUTE_FORCE] = "port $1 is one on which passwords are tried",
			[FACT_PORT_MAIL] = "port $1 is for mail",
			[FACT_PORT_WEB] = "port $1 is for web servers",
			[FACT_PORT_FLOOD_TARGET] =
				"port $1 is of game servers, which are flooded often",
			[FACT_PORT_BENIGN] = "what comes to port $1 is no attack, as a rule",
			[FACT_PORT_UNLISTED_HIGH] =
				"port $1 is no known service's; P2P programs choose such ports",
			[FACT_PORT_UNLISTED_LOW] =
				"port $1 is a system's port; P2P programs do not choose such ports",
			[FACT_P2P_SOURCE_PORTS] =
				"$1 come from ports that P2P programs have by default",
			[FACT_FIXED_SOURCE_PORT] =
				"$1 come from the same source port, $2: a tool made them",
			[FACT_BARE_SYNS] = "$1 of the SYNs have no options: a tool made them, no "
					   "operating system",
			[FACT_FULL_SYNS] =
				"$1 of the SYNs have options, as those of operating systems",
			[FACT_ONE_WINDOW] = "$1 of the SYNs have the same window, $2",
			[FACT_REPEATED] = "$1 of the attempts are repeated as operating systems "
					  "do: somebody really wants to connect",
			[FACT_NOT_REPEATED] = "hardly one of $1 attempts was repeated",
			[FACT_SEVERAL_TRIES] = "each address tries $1 times",
			[FACT_MANY_TRIES] = "each address tries $1 times",
			[FACT_RETURN] = "$1 of the addresses come back half an hour later or more",
			[FACT_HARDLY_RETURN] =
				"only $1 of the addresses came on more than one day, in $2 days",
			[FACT_DECAYS] = "the calls grow fewer: half of them in $1",
			[FACT_DECAYS_SLOWLY] =
				"the calls grow fewer, but slowly: half of them in $1",
			[FACT_STEADY] = "the calls have not grown fewer in $1 days",
			[FACT_SCANNERS] = "$1 of the addresses try other ports here, too",
			[FACT_ONLY_THIS_PORT] =
				"$1 of the addresses want this port and hardly another",
			[FACT_STANDS_OUT] = "$1 addresses want this port; other ports of no known "
					    "service get $2 at most, as a rule",
			[FACT_LIKE_OTHER_PORTS] = "it gets no more than other ports of no known "
						  "service: $1 addresses, those up to $2",
			[FACT_NEIGHBOURS_TOO] = "$1 addresses here get the same",
			[FACT_ONLY_THIS_ADDRESS] = "$1 of it comes to this one of $2 addresses",
			[FACT_PING] =
				"$1 echo requests (ping): somebody looks whether a host is there",
			[FACT_CALLED_BEFORE] =
				"this host called there $1 times: these are the answers",
			[FACT_OUT_TO_ALL] = "this host sent them to everybody on its network",
			[FACT_MANY_PORTS] = "$1 ports are tried, by $2 addresses",
		},
	.verdict =
		{
			[VERDICT_RESIDUAL_P2P] = "calls to a P2P program that is gone",
			[VERDICT_CONTAMINATED_INDEX] =
				"calls of P2P programs that were told a wrong address",
			[VERDICT_SCAN] = "scans",
			[VERDICT_WORM] = "a worm or a botnet that looks for victims",
			[VERDICT_SYN_FLOOD] = "a flood of connection requests",
			[VERDICT_BACKSCATTER] = "answers to packets that others forged",
			[VERDICT_BRUTE_FORCE] = "attempts to guess a password",
			[VERDICT_SINGLE_SOURCE] = "one address that keeps calling",
			[VERDICT_RESIDUAL_SERVICE] =
				"calls for a service that used to be at this address",
			[VERDICT_OWN_CLIENT] = "calls of a program on this host",
			[VERDICT_OWN_REPLIES] = "late packets of this host's own connections",
			[VERDICT_BENIGN] = "the usual talk of a network",
			[VERDICT_UNCLEAR] = "not clear",
		},
	.meaning =
		{
			[VERDICT_RESIDUAL_P2P] =
				"A P2P program ran at this address once, perhaps at whoever had it "
				"before you. Other nodes saved the address and still try it. They "
				"do not know you and do not attack you.",
			[VERDICT_CONTAMINATED_INDEX] =
				"A P2P network gives out this address although no node is there. "
				"Those who call were told to, and do not attack you.",
			[VERDICT_SCAN] =
				"Somebody tries many addresses in search of open services. Every "
				"address in the Internet gets this, every day.",
			[VERDICT_WORM] = "Infected computers look for others that they can infect. "
					 "They try addresses at random; yours is one of them.",
			[VERDICT_SYN_FLOOD] =
				"Very many connection requests came in a very short time, most "
				"likely with forged source addresses. This is an attack on the "
				"service at that port, or on the line.",
			[VERDICT_BACKSCATTER] =
				"Somebody attacked others and forged your address as the source. "
				"Their answers come to you. You are neither attacked nor to blame.",
			[VERDICT_BRUTE_FORCE] = "Somebody tries passwords on a service that is "
						"reached from the Internet.",
			[VERDICT_SINGLE_SOURCE] = "All of it comes from one address: a program "
						  "that was set up wrongly, or one person. This is "
						  "not what many P2P nodes look like.",
			[VERDICT_RESIDUAL_SERVICE] = "Others look for a server that used to have "
						     "this address, a mail server for instance.",
			[VERDICT_OWN_CLIENT] = "A program on this host calls out. The firewall "
					       "reports what your own host does.",
			[VERDICT_OWN_REPLIES] = "These are packets of connections that your own "
						"host made and had closed already when they came.",
			[VERDICT_BENIGN] = "Devices of a network find one another this way.",
			[VERDICT_UNCLEAR] = "What the log shows fits more than one cause.",
		},
	.advice =
		{
			[VERDICT_RESIDUAL_P2P] =
				"Nothing has to be done: the firewall turns them away, and they "
				"grow fewer by themselves. Leave the port closed. If the alerts "
				"trouble you, let the firewall drop this port without a message. A "
				"new address from your provider ends it at once.",
			[VERDICT_CONTAMINATED_INDEX] =
				"Nothing has to be done: the firewall turns them away. Leave the "
				"port closed. It does not stop by itself; a new address from your "
				"provider ends it.",
			[VERDICT_SCAN] = "Nothing has to be done as long as the firewall is on. "
					 "Keep the system up to date.",
			[VERDICT_WORM] = "Nothing has to be done as long as the firewall is on. "
					 "Keep the system up to date, and change default passwords "
					 "of cameras, recorders and routers.",
			[VERDICT_SYN_FLOOD] =
				"If a service suffers or the line is slow, call your provider and "
				"say the time, the port and the number of packets. Blocking single "
				"addresses does not help: they are forged.",
			[VERDICT_BACKSCATTER] = "Nothing has to be done. It ends when the attack "
						"on the others ends.",
			[VERDICT_BRUTE_FORCE] =
				"If you do not need this service from outside, switch it off or "
				"close it to the Internet. If you do, use keys or long passwords, "
				"and limit the tries.",
			[VERDICT_SINGLE_SOURCE] = "Usually nothing has to be done. If it goes on "
						  "for days or slows the line, block this address, "
						  "or write to the abuse contact of its network.",
			[VERDICT_RESIDUAL_SERVICE] =
				"Nothing has to be done. Leave the port closed. If it goes on for "
				"weeks, tell your provider that the address is still named in "
				"somebody's records.",
			[VERDICT_OWN_CLIENT] = "Find out which program it is. If you do not know "
					       "it, check the computer for malware.",
			[VERDICT_OWN_REPLIES] = "Nothing has to be done.",
			[VERDICT_BENIGN] = "Nothing has to be done.",
			[VERDICT_UNCLEAR] =
				"Nothing has to be done at once as long as the firewall turns it "
				"away. Leave the port closed, and look again with a longer log.",
		},
	.needs_address = "A log that covers neighbouring addresses, too, would tell whether only "
			 "this one is meant.",
	.needs_time = "A log of some days would tell whether the calls grow fewer and whether the "
		      "same addresses return.",
	.needs_events = "There are too few packets to tell; a longer log would.",
	.almost_sure = "almost certainly",
	.likely = "likely",
	.perhaps = "perhaps",
	.unclear = "not clear",
	.quiet_by = "Quiet by $1, with a probability of $2, if it goes on as it did.",
	.quiet_already = "It is likely over already ($1).",
	.quiet_never = "It does not stop by itself.",
	.quiet_unknown_p2p = "Such calls grow fewer over hours to months; this log is too short to "
			     "say when they end.",
	.incoming = "$1 to port $2 of $3",
	.incoming_ports = "$1 to $2 ports of $3",
	.incoming_no_port = "$1 to $2",
	.outgoing = "$1 from $3 to port $2 of others",
	.outgoing_no_port = "$1 from $2 to others",
	.counts = "$1 alerts, $2 attempts, $3 addresses, $4 to $5 UTC",
	.counts_without_time = "$1 alerts, $2 attempts, $3 addresses",
	.reasons = "Why",
	.against = "What speaks against it",
	.could_be = "It could also be",
	.clients = "Programs that it may have been",
	.what_to_do = "What to do",
	.when = "When it will stop",
	.read = "$1 alerts ($2), $3 to $4 UTC",
	.read_without_time = "$1 alerts ($2), without times",
	.nothing = "There is no alert in it: no line that names a source and a destination.",
	.skipped = "$1 of $2 lines were not understood; the first of them:",
	.skipped_line = "line $1: $2",
	.guessed = "The observed host seems to be $1 (--local says otherwise).",
	.overflow = "$1 alerts found no room in the tables and are not in the counts.",
	.more = "and $1 more kinds of alerts, with $2 alerts together; --json has all of them.",
	.table_title = "All kinds of alerts",
	.column = {"what", "alerts", "attempts", "addresses", "first", "last", "most likely"},
	.page_title = "What these alerts were",
	.picture = "Alerts over time, UTC; a bar is $1.",
};

static const struct explain_words japanese = {
	.fact =
		{
			[FACT_OUTGOING] = "この機器自身が$1個のアドレスに接続しようとしています",
			[FACT_ESTABLISHED] = "パケットの$1は、すでに確立していた通信のものです",
			[FACT_ANSWERS] = "パケットの$1は応答(SYN-ACKまたはRST)で、$"
					 "2個のアドレスから届いています",
			[FACT_ANSWERS_SPREAD] = "$1個の異なるポートに届いており、詐称されたパケット"
						"への応答の特徴です",
			[FACT_FLAGS_SPREAD] =
				"SYNのないパケットが$2個のアドレスから$1個のポートに届いています("
				"フィルターを避けるスキャン)",
			[FACT_ICMP_ERRORS] = "ICMPのエラー通知が$1件あります",
			[FACT_TO_ALL] =
				"$1件はこの機器宛てではなく、ネットワーク全体に宛てたものです",
			[FACT_FROM_NEAR] = "$1件は近くの機器が名前やサービスを探しているものです",
			[FACT_FLOOD] =
				"最も多い1秒間に$1件、ほぼ一度きりの$2個のアドレスから届いています",
			[FACT_FLOOD_MILD] =
				"最も多い1秒間に$1件、ほぼ一度きりの$2個のアドレスから届いています",
			[FACT_BURST] =
				"$2件のうち$1件が1秒間に、ほぼ一度きりのアドレスから届いています",
			[FACT_ONE_SOURCE] = "1個のアドレスだけから$1回届いています",
			[FACT_ONE_SOURCE_HEAVY] = "$2件のうち$1が1個のアドレスから届いています",
			[FACT_FEW_SOURCES] = "$1個の異なるアドレスが同じポートに届いています",
			[FACT_MANY_SOURCES] = "$1個の異なるアドレスが同じポートに届いています",
			[FACT_PORT_P2P] = "ポート$1はP2Pソフトの既定のポートです",
			[FACT_PORT_SCAN] = "ポート$1はスキャンでよく探されるポートです",
			[FACT_PORT_WORM] = "ポート$1はワームやボットが広がるのに使うポートです",
			[FACT_PORT_BRUTE_FORCE] =
				"ポート$1はパスワードの推測がよく試されるポートです",
			[FACT_PORT_MAIL] = "ポート$1はメール用です",
			[FACT_PORT_WEB] = "ポート$1はウェブサーバー用です",
			[FACT_PORT_FLOOD_TARGET] =
				"ポート$1はゲームサーバー用で、大量送信の攻撃を受けやすいものです",
			[FACT_PORT_BENIGN] = "ポート$1に届くものは、ふつう攻撃ではありません",
			[FACT_PORT_UNLISTED_HIGH] =
				"ポート$1は既知のサービスのものではなく、P2Pソフトが選ぶ範囲です",
			[FACT_PORT_UNLISTED_LOW] =
				"ポート$1はシステム用の番号で、P2Pソフトは選びません",
			[FACT_P2P_SOURCE_PORTS] = "$1はP2Pソフトの既定のポートから送られています",
			[FACT_FIXED_SOURCE_PORT] =
				"$1が同じ送信元ポート$2から送られています(道具による送信)",
			[FACT_BARE_SYNS] =
				"SYNの$1にオプションがありません(OSではなく道具による送信)",
			[FACT_FULL_SYNS] = "SYNの$1に、OSの通信と同じオプションがあります",
			[FACT_ONE_WINDOW] = "SYNの$1が同じウィンドウ値$2です",
			[FACT_REPEATED] = "接続の試みの$1が、OSの再送の間隔で繰り返されています("
					  "本当に接続しようとしています)",
			[FACT_NOT_REPEATED] = "$1回の試みに再送がほとんどありません",
			[FACT_SEVERAL_TRIES] = "1個のアドレスが平均$1回試みています",
			[FACT_MANY_TRIES] = "1個のアドレスが平均$1回試みています",
			[FACT_RETURN] = "アドレスの$1が30分以上たってから再び届いています",
			[FACT_HARDLY_RETURN] = "$2日間で、別の日にも届いたアドレスは$1だけです",
			[FACT_DECAYS] = "件数は減っています(半分になるまで$1)",
			[FACT_DECAYS_SLOWLY] =
				"件数は減っていますが、ゆっくりです(半分になるまで$1)",
			[FACT_STEADY] = "件数は$1日間減っていません",
			[FACT_SCANNERS] = "アドレスの$1が、ここの他のポートも試しています",
			[FACT_ONLY_THIS_PORT] =
				"アドレスの$1は、このポートのほかはほとんど試していません",
			[FACT_STANDS_OUT] = "$1個のアドレスがこのポートに届いています("
					    "既知のサービスでないほかのポートはほぼ$2個以下)",
			[FACT_LIKE_OTHER_PORTS] = "既知のサービスでないほかのポートと変わりません($"
						  "1個のアドレス、ほかは$2個以下)",
			[FACT_NEIGHBOURS_TOO] = "ここの$1個のアドレスに同じものが届いています",
			[FACT_ONLY_THIS_ADDRESS] =
				"$2個のアドレスのうち、このアドレスに$1が届いています",
			[FACT_PING] = "エコー要求(ping)が$1件あります(機器の有無の確認)",
			[FACT_CALLED_BEFORE] = "この機器が先に$1回接続しており、これはその応答です",
			[FACT_OUT_TO_ALL] = "この機器がネットワーク全体に宛てて送ったものです",
			[FACT_MANY_PORTS] = "$2個のアドレスから$1個のポートが試されています",
		},
	.verdict =
		{
			[VERDICT_RESIDUAL_P2P] = "今はもうないP2Pソフトへの接続の試み",
			[VERDICT_CONTAMINATED_INDEX] =
				"誤ったアドレスを教えられたP2Pソフトからの接続の試み",
			[VERDICT_SCAN] = "スキャン",
			[VERDICT_WORM] = "感染先を探すワームまたはボットネット",
			[VERDICT_SYN_FLOOD] = "大量の接続要求(SYNフラッド)",
			[VERDICT_BACKSCATTER] = "第三者が詐称したパケットへの応答",
			[VERDICT_BRUTE_FORCE] = "パスワードを推測する試み",
			[VERDICT_SINGLE_SOURCE] = "1個のアドレスからの繰り返しの接続",
			[VERDICT_RESIDUAL_SERVICE] = "以前このアドレスにあったサービスへの接続",
			[VERDICT_OWN_CLIENT] = "この機器のプログラム自身の通信",
			[VERDICT_OWN_REPLIES] = "この機器自身の通信に遅れて届いたパケット",
			[VERDICT_BENIGN] = "ネットワークの通常のやり取り",
			[VERDICT_UNCLEAR] = "はっきりしません",
		},
	.meaning =
		{
			[VERDICT_RESIDUAL_P2P] =
				"このアドレスでは以前、P2Pソフトが動いていました。前の利用者のもの"
				"かもしれません。ほかのノードがアドレスを保存しており、今も接続を試"
				"みています。あなたを知っているわけでも、攻撃しているわけでもありま"
				"せん。",
			[VERDICT_CONTAMINATED_INDEX] =
				"P2Pネットワークが、ノードのないこのアドレスを配っています。接続し"
				"てくる側は教えられたとおりにしているだけで、攻撃ではありません。",
			[VERDICT_SCAN] =
				"開いているサービスを探して、多数のアドレスが順に試されています。イ"
				"ンターネットのどのアドレスにも毎日届くものです。",
			[VERDICT_WORM] = "感染したコンピューターが、感染先を無作為に探しています。"
					 "あなたのアドレスはその一つにすぎません。",
			[VERDICT_SYN_FLOOD] =
				"ごく短い時間に大量の接続要求が届きました。送信元はおそらく詐称され"
				"ています。そのポートのサービスや回線に対する攻撃です。",
			[VERDICT_BACKSCATTER] = "第三者があなたのアドレスを送信元に詐称して、ほかを"
						"攻撃しました。その応答が届いています。あなたが攻撃"
						"されているのでも、あなたの責任でもありません。",
			[VERDICT_BRUTE_FORCE] = "インターネットから届くサービスに対して、パスワード"
						"が試されています。",
			[VERDICT_SINGLE_SOURCE] =
				"すべて1個のアドレスから届いています。設定の誤ったプログラムか、特"
				"定の相手です。多数のP2Pノードの動きとは異なります。",
			[VERDICT_RESIDUAL_SERVICE] = "以前このアドレスにあったサーバー("
						     "メールサーバーなど)が探されています。",
			[VERDICT_OWN_CLIENT] = "この機器のプログラムが外に接続しています。ファイア"
					       "ウォールはあなた自身の機器の動きを知らせています。",
			[VERDICT_OWN_REPLIES] = "この機器自身が始め、すでに閉じた通信のパケットが遅"
						"れて届いたものです。",
			[VERDICT_BENIGN] = "ネットワークの機器は、このようにして互いを見つけます。",
			[VERDICT_UNCLEAR] = "記録に当てはまる原因が一つに絞れません。",
		},
	.advice =
		{
			[VERDICT_RESIDUAL_P2P] =
				"対応は不要です。ファイアウォールが遮断しており、件数は自然に減りま"
				"す。ポートは閉じたままにしてください。警告が気になる場合は、このポ"
				"ートを通知なしで破棄する設定にしてください。プロバイダーから新しい"
				"アドレスを受ければ、すぐに止まります。",
			[VERDICT_CONTAMINATED_INDEX] =
				"対応は不要です。ファイアウォールが遮断しています。ポートは閉じたま"
				"まにしてください。自然には止まりませんが、プロバイダーから新しいア"
				"ドレスを受ければ止まります。",
			[VERDICT_SCAN] = "ファイアウォールが有効であれば対応は不要です。システムを"
					 "最新の状態に保ってください。",
			[VERDICT_WORM] = "ファイアウォールが有効であれば対応は不要です。システムを"
					 "最新の状態に保ち、カメラ、レコーダー、ルーターの初期パス"
					 "ワードを変更してください。",
			[VERDICT_SYN_FLOOD] =
				"サービスや回線に支障がある場合は、プロバイダーに連絡し、時刻、ポー"
				"ト、件数を伝えてください。送信元は詐称されているので、個別のアドレ"
				"スを遮断しても効果はありません。",
			[VERDICT_BACKSCATTER] =
				"対応は不要です。ほかへの攻撃が終われば止まります。",
			[VERDICT_BRUTE_FORCE] =
				"外から使わないサービスであれば、停止するか、インターネットから届か"
				"ないようにしてください。使う場合は、鍵または長いパスワードを使い、"
				"試行回数を制限してください。",
			[VERDICT_SINGLE_SOURCE] = "ふつう対応は不要です。何日も続く場合や回線が遅く"
						  "なる場合は、このアドレスを遮断するか、そのネット"
						  "ワークの苦情窓口に連絡してください。",
			[VERDICT_RESIDUAL_SERVICE] =
				"対応は不要です。ポートは閉じたままにしてください。何週間も続く場合"
				"は、このアドレスがまだどこかに登録されていることをプロバイダーに伝"
				"えてください。",
			[VERDICT_OWN_CLIENT] = "どのプログラムかを調べてください。心当たりがない場"
					       "合は、マルウェアの検査をしてください。",
			[VERDICT_OWN_REPLIES] = "対応は不要です。",
			[VERDICT_BENIGN] = "対応は不要です。",
			[VERDICT_UNCLEAR] =
				"ファイアウォールが遮断している限り、急ぐ必要はありません。ポートは"
				"閉じたままにして、より長い記録で確かめてください。",
		},
	.needs_address =
		"近くのアドレスも含む記録があれば、このアドレスだけに届いているかが分かります。",
	.needs_time = "数日間の記録があれば、件数が減るか、同じアドレスが再び届くかが分かります。",
	.needs_events = "件数が少なすぎて判断できません。より長い記録が必要です。",
	.almost_sure = "ほぼ確実",
	.likely = "可能性が高い",
	.perhaps = "可能性あり",
	.unclear = "はっきりしません",
	.quiet_by = "このまま続けば、$2の確率で$1までに静かになります。",
	.quiet_already = "すでに終わっている可能性が高いです($1)。",
	.quiet_never = "自然には止まりません。",
	.quiet_unknown_p2p = "このような接続は数時間から数か月かけて減ります。いつ終わるかを言うに"
			     "は、この記録は短すぎます。",
	.incoming = "$3のポート$2への$1",
	.incoming_ports = "$3の$2個のポートへの$1",
	.incoming_no_port = "$2への$1",
	.outgoing = "$3から外のポート$2への$1",
	.outgoing_no_port = "$2から外への$1",
	.counts = "警告$1件、接続の試み$2回、アドレス$3個、$4から$5まで(UTC)",
	.counts_without_time = "警告$1件、接続の試み$2回、アドレス$3個",
	.reasons = "理由",
	.against = "合わない点",
	.could_be = "ほかの可能性",
	.clients = "考えられるソフト",
	.what_to_do = "対応",
	.when = "いつ止まるか",
	.read = "警告$1件($2)、$3から$4まで(UTC)",
	.read_without_time = "警告$1件($2)、時刻なし",
	.nothing = "警告がありません。送信元と宛先のある行が見つかりませんでした。",
	.skipped = "$2行のうち$1行は読み取れませんでした。最初の行:",
	.skipped_line = "$1行目: $2",
	.guessed = "観測された機器は$1のようです(違う場合は --local で指定)。",
	.overflow = "$1件は表に入りきらず、件数に含まれていません。",
	.more = "ほかに$1種類、合わせて$2件の警告があります。すべては --json で出力できます。",
	.table_title = "警告の種類の一覧",
	.column = {"内容", "警告", "試み", "アドレス", "最初", "最後", "最も考えられる原因"},
	.page_title = "この警告は何だったのか",
	.picture = "警告の推移(UTC)。棒1本は$1です。",
};

const struct explain_words *explain_words_of(enum language language)
{
	return language == LANGUAGE_JAPANESE ? &japanese : &english;
}
