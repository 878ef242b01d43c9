using System.Collections.Frozen;

namespace Campaigns.Domain.Times;

/// <summary>The words of times and days in English, Hindi, and Hindi in Latin letters.</summary>
internal static class SpokenLexicon
{
    private static readonly FrozenDictionary<string, (SpokenSense Sense, double Value)> Senses = Build();

    // Several words that mean one. The longest are tried first.
    private static readonly (string[] From, string[] To)[] Phrases = [.. new (string From, string To)[]
    {
        ("day after tomorrow", "overmorrow"), ("day after tmrw", "overmorrow"), ("the day after tomorrow", "overmorrow"),
        ("the day after", "overmorrow"), ("kal ke baad wale din", "overmorrow"),
        ("end of the day", "eod"), ("end of day", "eod"), ("close of business", "eod"), ("din ke ant", "eod"), ("din khatm hone", "eod"),
        ("दिन के अंत", "eod"), ("after lunch", "afterlunch"), ("lunch ke baad", "afterlunch"), ("lunch baad", "afterlunch"),
        ("post lunch", "afterlunch"), ("khane ke baad", "afterlunch"), ("खाने के बाद", "afterlunch"), ("लंच के बाद", "afterlunch"),
        ("before lunch", "beforelunch"), ("lunch se pehle", "beforelunch"), ("लंच से पहले", "beforelunch"),
        ("lunch time", "lunchtime"), ("at lunch", "lunchtime"), ("during lunch", "lunchtime"),
        ("after work", "afterwork"), ("after office", "afterwork"), ("after office hours", "afterwork"), ("office ke baad", "afterwork"),
        ("ऑफिस के बाद", "afterwork"), ("early morning", "morning"), ("late morning", "morning"),
        ("half an hour", "0.5 hour"), ("half hour", "0.5 hour"), ("aadha ghanta", "0.5 hour"), ("aadhe ghante", "0.5 hour"),
        ("adha ghanta", "0.5 hour"), ("adhe ghante", "0.5 hour"), ("आधे घंटे", "0.5 hour"), ("आधा घंटा", "0.5 hour"), ("आधे घण्टे", "0.5 hour"),
        ("quarter of an hour", "15 minute"), ("an hour and a half", "1.5 hour"), ("hour and a half", "1.5 hour"), ("one and a half hours", "1.5 hour"),
        ("same time", "sametime"), ("isi time", "sametime"), ("isi samay", "sametime"), ("isi waqt", "sametime"), ("इसी समय", "sametime"),
        ("इसी वक्त", "sametime"), ("a couple of", "2"), ("couple of", "2"), ("a few", "somewhat"), ("few", "somewhat"), ("some time", "somewhat"),
        ("o clock", "oclock"), ("mid day", "noon"), ("half past", "sadhe"), ("quarter past", "sava"), ("quarter after", "sava"),
        ("quarter to", "paune"), ("se pehle", "before"), ("se pahle", "before"), ("से पहले", "before"), ("ke baad", "baad"), ("के बाद", "बाद"),
        ("right now", "abhi"), ("thodi der", "somewhat"), ("kuch der", "somewhat"), ("थोड़ी देर", "somewhat"), ("कुछ देर", "somewhat"),
        ("agle din", "tomorrow"), ("अगले दिन", "tomorrow"), ("next day", "tomorrow"), ("following day", "tomorrow"),
    }.Select(p => (SpokenText.Words(p.From), p.To.Split(' '))).OrderByDescending(p => p.Item1.Length)];

    internal static IEnumerable<(string[] From, string[] To)> AllPhrases => Phrases;

    internal static (SpokenSense Sense, double Value) Find(string word) =>
        Senses.TryGetValue(word, out var sense) || Senses.TryGetValue(SpokenText.Fold(word), out sense) ? sense : default;

    private static FrozenDictionary<string, (SpokenSense Sense, double Value)> Build()
    {
        var senses = new Dictionary<string, (SpokenSense Sense, double Value)>(StringComparer.Ordinal);

        // English in English spelling; Hindi folded, so that it is found in whatever spelling.
        Each(SpokenSense.Number, 0, "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            + "eighteen nineteen twenty");
        Each(SpokenSense.Number, 30, "thirty");
        Each(SpokenSense.Number, 40, "forty");
        Each(SpokenSense.Number, 50, "fifty");
        Each(SpokenSense.Ordinal, 1, "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
            + "sixteenth seventeenth eighteenth nineteenth twentieth");
        Each(SpokenSense.Ordinal, 30, "thirtieth");
        Each(SpokenSense.Number, 1, "ek do teen chaar paanch chhe saat aath nau das gyarah barah terah chaudah pandrah solah satrah atharah unnis bees "
            + "ikkis bais teis chaubis pachees chhabbis sattais atthais untis tees ikattis");
        Each(SpokenSense.Number, 1, "एक दो तीन चार पांच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस "
            + "इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस");
        All(SpokenSense.Number, 6, "che chhah छः छे छ");
        All(SpokenSense.Number, 5, "panch पाच");
        All(SpokenSense.Number, 12, "bara");
        All(SpokenSense.Number, 15, "pandra pandhrah पन्द्रह");
        All(SpokenSense.Number, 25, "pachchis pacchis पचीस");
        All(SpokenSense.Number, 35, "paintis पैंतीस");
        All(SpokenSense.Number, 40, "chalis चालीस");
        All(SpokenSense.Number, 45, "paintalis पैंतालीस");
        All(SpokenSense.Number, 50, "pachas पचास");
        All(SpokenSense.Number, 1.5, "dedh डेढ");
        All(SpokenSense.Number, 2.5, "dhai adhai ढाई ढाइ");
        All(SpokenSense.Half, 0, "half sadhe saadhe sarhe साढे");
        All(SpokenSense.Quarter, 0, "sava sawa सवा");
        All(SpokenSense.LessQuarter, 0, "paune pauna paun pone पौने पौन पौना");

        All(SpokenSense.DayOffset, 0, "today aaj आज tonight");
        All(SpokenSense.DayOffset, 1, "tomorrow tmrw tomorow kal कल");
        All(SpokenSense.DayOffset, 2, "overmorrow parso parson परसों परसो");
        All(SpokenSense.DayOffset, 3, "tarso tarson narso तरसों नरसों");
        All(SpokenSense.Weekday, 0, "sunday ravivar itvar रविवार इतवार संडे");
        All(SpokenSense.Weekday, 1, "monday mon somvar सोमवार मंडे");
        All(SpokenSense.Weekday, 2, "tuesday tue tues mangalvar mangal मंगलवार मंगल ट्यूजडे");
        All(SpokenSense.Weekday, 3, "wednesday wed budhvar budh बुधवार बुध वेडनेसडे");
        All(SpokenSense.Weekday, 4, "thursday thu thur thurs guruvar brihaspativar virvar गुरुवार बृहस्पतिवार वीरवार थर्सडे");
        All(SpokenSense.Weekday, 5, "friday fri shukravar jumma शुक्रवार जुम्मा फ्राइडे");
        All(SpokenSense.Weekday, 6, "saturday shanivar weekend शनिवार सैटरडे");
        Each(SpokenSense.Month, 1, "january february march april may june july august september october november december");
        Each(SpokenSense.Month, 1, "jan feb mar apr may jun jul aug sep oct nov dec");
        All(SpokenSense.Month, 9, "sept");
        Each(SpokenSense.Month, 1, "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर");
        Each(SpokenSense.Month, 9, "सितम्बर अक्तूबर नवम्बर दिसम्बर");
        All(SpokenSense.Part, 0, "morning subah subeh savere सुबह सवेरे");
        All(SpokenSense.Part, 1, "noon midday");
        All(SpokenSense.Part, 2, "afternoon dopahar dophar dopeher दोपहर");
        All(SpokenSense.Part, 3, "evening shaam शाम");
        All(SpokenSense.Part, 4, "night raat रात");
        All(SpokenSense.Part, 5, "afterlunch");
        All(SpokenSense.Part, 6, "eod cob");
        All(SpokenSense.Part, 7, "afterwork");
        All(SpokenSense.Part, 8, "midnight");
        All(SpokenSense.Part, 9, "lunchtime");
        All(SpokenSense.Part, 10, "beforelunch");
        All(SpokenSense.Unit, 1, "minute minutes min mins minat mint minit मिनट मिनिट");
        All(SpokenSense.Unit, 60, "hour hours hr hrs ghanta ghante ghanton घंटा घंटे घंटों घण्टे");
        All(SpokenSense.Unit, 1_440, "day days din dinon दिन दिनों");
        All(SpokenSense.Unit, 10_080, "week weeks hafta hafte hafton हफ्ता हफ्ते हफ्तों सप्ताह");
        All(SpokenSense.Unit, 43_200, "month months mahina mahine mahinon महीना महीने महीनों");
        All(SpokenSense.AmPm, 0, "am");
        All(SpokenSense.AmPm, 1, "pm");
        All(SpokenSense.Next, 0, "next agle agla agli अगले अगला अगली following");
        All(SpokenSense.This, 0, "this coming isi इस आने");
        All(SpokenSense.OClock, 0, "oclock baje bje baj bajkar बजे बजकर");
        All(SpokenSense.Past, 0, "past");
        All(SpokenSense.To, 0, "to till");
        All(SpokenSense.Before, 0, "before tak");
        All(SpokenSense.At, 0, "at around about after by baad बाद between करीब karib lagbhag लगभग");
        All(SpokenSense.Same, 0, "sametime");
        All(SpokenSense.No, 0, "not no nahi nahin नहीं dont cant");
        All(SpokenSense.Vague, 0, "later sometime sometimes someday somewhat whenever anytime soon abhi now कभी kabhi अभी");

        // English that would be taken for Hindi or for a short form, folded as it is.
        foreach (var word in new[] { "free", "soon", "been", "main", "meet", "need" })
        {
            senses.TryAdd(word, default);
        }

        return senses.ToFrozenDictionary(StringComparer.Ordinal);

        void All(SpokenSense sense, double value, string words)
        {
            foreach (var word in words.Split(' ').Select(w => SpokenText.Words(w)).Where(w => w.Length == 1))
            {
                senses.TryAdd(word[0], (sense, value));
                senses.TryAdd(SpokenText.Fold(word[0]), (sense, value));
            }
        }

        void Each(SpokenSense sense, double first, string words)
        {
            foreach (var (index, word) in words.Split(' ').Index())
            {
                All(sense, first + index, word);
            }
        }
    }
}
