using Campaigns.Calls;
using Campaigns.Domain.Calls;

namespace Campaigns.DomainTests.Calls;

public sealed class MachineDetectorTests
{
    [Theory]

    // Voicemail.
    [InlineData("Hi, you've reached Rahul. Please leave a message after the tone.")]
    [InlineData("You have reached the voicemail of Priya Nair. At the tone, please record your message.")]
    [InlineData("Your call has been forwarded to an automated voice messaging system.")]
    [InlineData("Your call has been forwarded to voicemail. The person you're trying to reach is not available. At the tone, please record your message.")]
    [InlineData("The mailbox is full and cannot accept any messages at this time.")]
    [InlineData("Sorry I missed your call, leave your name and number and I'll get back to you as soon as I can.")]
    [InlineData("I can't come to the phone right now. Please leave me a message after the beep.")]
    [InlineData("When you have finished recording you may hang up.")]
    [InlineData("leave a message after the tone")]
    [InlineData("This mailbox has not been set up yet.")]
    [InlineData("Kripya beep ke baad apna sandesh chhodein.")]
    [InlineData("beep ke baad apna message record karein")]
    [InlineData("कृपया बीप के बाद अपना संदेश छोड़ें")]
    [InlineData("टोन के बाद अपना मैसेज रिकॉर्ड करें")]
    [InlineData("Sorry, abhi main busy hoon, please beep ke baad apna message leave kar dijiye")]
    [InlineData("Namaste, aap message leave kar sakte hain")]
    [InlineData("Hello, this is the voicemail box of Sunil, please leave your message after the beep")]
    public void Verdict_OfAVoicemail_IsAVoicemail(string said) => Assert.Equal(MachineKind.Voicemail, Machine(said).Kind);

    [Theory]

    // Announcements and menus: nothing can be said to either.
    [InlineData("The number you are calling is switched off. Please try again later.")]
    [InlineData("The subscriber you have dialed is not reachable at the moment.")]
    [InlineData("The person you are trying to call is busy on another call")]
    [InlineData("The dialed number does not exist. Please check the number you have dialled.")]
    [InlineData("The number you have dialed is not in service.")]
    [InlineData("Your call cannot be completed as dialed.")]
    [InlineData("The wireless customer is not available.")]
    [InlineData("Sorry, the number you are calling does not answer.")]
    [InlineData("यह नंबर मौजूद नहीं है")]
    [InlineData("Jio customer aap jisse sampark karna chahte hain abhi available nahi hai")]
    [InlineData("We're sorry, the number you have dialed is incorrect.")]
    [InlineData("The Airtel customer you are calling is currently out of coverage area.")]
    [InlineData("All lines in this route are busy, please try again after some time.")]
    [InlineData("Aap jis number se sampark karna chahte hain woh abhi vyast hai.")]
    [InlineData("Aapke dwara dial kiya gaya number switched off hai, kripya thodi der baad koshish karein")]
    [InlineData("Jis vyakti se aap sampark karna chahte hain woh network kshetra se bahar hain")]
    [InlineData("आप जिस नंबर पर संपर्क करना चाहते हैं वह अभी बंद है")]
    [InlineData("आपके द्वारा डायल किया गया नंबर अभी व्यस्त है")]
    [InlineData("जिस व्यक्ति को आप कॉल कर रहे हैं वह नेटवर्क क्षेत्र से बाहर है")]
    [InlineData("कृपया थोड़ी देर बाद पुनः प्रयास करें, नंबर व्यस्त है")]
    [InlineData("Welcome to Sunrise Hospital. For appointments press one, for billing press two.")]
    [InlineData("Thank you for calling. Your call is important to us.")]
    [InlineData("For English press 1. Hindi ke liye do dabayein.")]
    [InlineData("हिंदी के लिए दो दबाएँ")]
    [InlineData("All our agents are busy. You are number five in the queue.")]
    [InlineData("This call may be recorded for quality. Please enter the number of your account followed by the hash key.")]
    [InlineData("Para español, oprima el dos.")]
    public void Verdict_OfAnAnnouncementOrAMenu_IsAMenu(string said) => Assert.Equal(MachineKind.Menu, Machine(said).Kind);

    [Theory]

    // Screeners of phones.
    [InlineData("Hi, the person you're calling is using a screening service from Google, and will get a copy of this conversation. Go ahead and say your name and why you're calling.")]
    [InlineData("Hi. If you record your name and reason for calling, I'll see if this person is available.")]
    [InlineData("Please state your name after the tone and Google Voice will try to connect you.")]
    [InlineData("Hi, I'm the Truecaller assistant. Please tell me why you are calling.")]
    [InlineData("Hello, I am a virtual assistant answering for Rahul. May I know the reason for your call?")]
    [InlineData("say your name and why you call")]
    [InlineData("Say your name and the reason for your call.")]
    [InlineData("This call is being screened. Please stay on the line.")]
    [InlineData("Apna naam aur call karne ka karan batayein")]
    [InlineData("कृपया अपना नाम और कॉल करने का कारण बताएं")]
    public void Verdict_OfAScreener_IsAScreener(string said) => Assert.Equal(MachineKind.Screener, Machine(said).Kind);

    [Theory]

    // People.
    [InlineData("Hello?")]
    [InlineData("Hello")]
    [InlineData("Yes, speaking.")]
    [InlineData("yes, speaking")]
    [InlineData("Hello, who is this?")]
    [InlineData("Who's calling please?")]
    [InlineData("May I know who is calling?")]
    [InlineData("This is Rahul.")]
    [InlineData("Haan ji, boliye.")]
    [InlineData("Haan, kaun bol raha hai?")]
    [InlineData("Ji bataiye")]
    [InlineData("Namaste ji")]
    [InlineData("हैलो")]
    [InlineData("हाँ जी, बोलिए")]
    [InlineData("कौन बोल रहा है?")]
    [InlineData("जी हाँ")]
    [InlineData("I'm driving, call me back later.")]
    [InlineData("I'm in a meeting right now.")]
    [InlineData("Not interested.")]
    [InlineData("no, not interested")]
    [InlineData("Wrong number.")]
    [InlineData("do not call me again")]
    [InlineData("call me Tuesday at four")]
    [InlineData("Main abhi busy hoon, baad mein call karo")]
    [InlineData("Galat number hai")]
    [InlineData("What is this regarding?")]
    [InlineData("Sorry, can you repeat that?")]
    [InlineData("I can't hear you")]

    // People who say what machines say.
    [InlineData("You can leave a message with my wife.")]
    [InlineData("He's not available right now, can I take a message?")]
    [InlineData("Please leave a message for my husband, he is driving.")]
    [InlineData("My phone was switched off, who is this?")]
    [InlineData("The number is busy all the time, what do you want?")]
    [InlineData("Can I have your name and the reason for your call?")]
    [InlineData("I never check my voicemail, who is speaking?")]
    [InlineData("Hold on, I'll see if my wife is available.")]
    [InlineData("Mera phone switch off tha, kaun bol raha hai?")]
    [InlineData("Mera number busy tha, boliye")]
    public void Verdict_OfAPerson_IsHuman(string said) => Assert.IsType<MachineVerdict.Human>(Said(said).Verdict);

    [Theory]

    // Neither: to be treated as people.
    [InlineData("")]
    [InlineData("Rahul Sharma can take a")]
    [InlineData("Thank you for calling Sunrise, how may we serve you on this fine morning")]
    [InlineData("please leave a message")]
    [InlineData("main busy hoon, message leave kar do")]
    [InlineData("I was about to press one for English, who are you?")]
    [InlineData("Hmm let me think about which of the policies you might possibly mean by that")]
    public void Verdict_OfWhatIsNotClear_IsUnsure(string said) =>
        Assert.IsType<MachineVerdict.Unsure>(MachineDetector.Start.Hear(said, TimeSpan.FromSeconds(2)).Verdict);

    [Fact]
    public void Verdict_WhenAHelloGoesOnAsAGreeting_ChangesItsMind()
    {
        var heard = MachineDetector.Start.Hear("Hello", Seconds(1)).Silence(Seconds(0.8), Seconds(2));
        Assert.IsType<MachineVerdict.Human>(heard.Verdict);

        heard = heard.Hear(" you have reached the voice", Seconds(3)).Hear("mail of Rahul,", Seconds(4));
        Assert.IsType<MachineVerdict.Machine>(heard.Hear(" leave a message after the tone", Seconds(6)).Verdict);
    }

    [Fact]
    public void Verdict_OfFragments_IsThatOfTheWhole()
    {
        const string Said = "The number you are calling is switched off. Please try again later.";
        var whole = MachineDetector.Start.Hear(Said, Seconds(1));
        var pieces = Said.Chunk(3).Aggregate(MachineDetector.Start, (d, c) => d.Hear(new string(c), Seconds(1)));

        Assert.Equal(whole.Verdict, pieces.Verdict);
    }

    [Fact]
    public void Verdict_OfSounds_NeedsLongSpeechAndABeep()
    {
        var speech = MachineDetector.Start.Speech(Seconds(7), Seconds(7));
        Assert.IsType<MachineVerdict.Unsure>(speech.Verdict);
        Assert.IsType<MachineVerdict.Unsure>(MachineDetector.Start.Speech(Seconds(20), Seconds(20)).Verdict);
        Assert.IsType<MachineVerdict.Unsure>(MachineDetector.Start.Beep(Seconds(1)).Verdict);
        Assert.IsType<MachineVerdict.Unsure>(MachineDetector.Start.Speech(Seconds(3), Seconds(3)).Beep(Seconds(3)).Verdict);

        var machine = Assert.IsType<MachineVerdict.Machine>(speech.Beep(Seconds(8)).Verdict);
        Assert.Equal(MachineKind.Voicemail, machine.Kind);
        Assert.InRange(machine.Confidence, MachineDetector.Certain, 1);
    }

    [Fact]
    public void Verdict_WhenABeepFollowsHalfAHint_IsAMachine()
    {
        var heard = MachineDetector.Start.Hear("You've reached Rahul Sharma, please speak", Seconds(3)).Speech(Seconds(4), Seconds(4));
        Assert.IsNotType<MachineVerdict.Machine>(heard.Verdict);

        Assert.IsType<MachineVerdict.Machine>(heard.Beep(Seconds(5)).Verdict);
    }

    [Fact]
    public void Verdict_WhenAPersonAnsweredAndTalksLong_StaysHumanDespiteABeep()
    {
        var heard = MachineDetector.Start.Hear("Hello?", Seconds(1)).Silence(Seconds(1), Seconds(2))
            .Hear(" Yes I was wondering when somebody would finally ring about it, who is this", Seconds(10)).Speech(Seconds(8), Seconds(10)).Beep(Seconds(11));

        Assert.IsType<MachineVerdict.Human>(heard.Verdict);
    }

    [Fact]
    public void Verdict_AfterTheHorizon_ChangesNoMore()
    {
        var late = MachineDetector.Horizon + Seconds(1);
        var heard = MachineDetector.Start.Hear("Hello?", Seconds(1)).Silence(Seconds(1), Seconds(2));

        Assert.Equal(heard.Verdict, heard.Hear("leave a message after the tone", late).Speech(Seconds(30), late).Beep(late).Silence(Seconds(2), late).Verdict);
    }

    [Fact]
    public void Verdict_OfAnything_IsBoundedAndNeverFails() => Law.Holds(dice =>
    {
        string[] words = ["hello", "leave", "a", "message", "after", "the", "tone", "press", "1", "who", "is", "this", "?", "कौन", "संदेश", "\0", "\uD800", "name"];
        var heard = MachineDetector.Start;
        for (var i = 0; i < dice.Int(0, 12); i++)
        {
            var at = Seconds(dice.Int(0, 60));
            heard = dice.Int(0, 4) switch
            {
                0 => heard.Beep(at),
                1 => heard.Speech(Seconds(dice.Int(0, 20)), at),
                2 => heard.Silence(Seconds(dice.Int(0, 3)), at),
                _ => heard.Hear(" " + dice.Of(words), at),
            };
        }

        if (heard.Verdict is MachineVerdict.Machine machine)
        {
            Assert.InRange(machine.Confidence, MachineDetector.Certain, 1);
            Assert.NotEqual("", machine.Evidence);
        }
    });

    private static MachineVerdict.Machine Machine(string said) => Assert.IsType<MachineVerdict.Machine>(Said(said).Verdict);

    // The words at an ordinary pace, then a second of silence: no help from sounds.
    private static MachineDetector Said(string said) => MachineDetector.Start
        .Hear(said, Seconds(2)).Speech(Seconds(Math.Min(5, said.Length / 15.0)), Seconds(5)).Silence(Seconds(1), Seconds(6));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
