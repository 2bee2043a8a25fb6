"""Tiny DICOM files, one for each kind of compression, so that `doctor` can try the decoders on this machine.

Synthetic: 16x16 pixels made by `expected`, no patient. The files lie end to end, deflated, in base 85.
"""

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Sample:
    """One file: what it is called, how many bytes it has, and how far its values may be off (lossy)."""

    name: str
    size: int
    bits: int = 16
    tolerance: int = 0


SAMPLES = (
    Sample("native (uncompressed)", 1170),
    Sample("deflated", 1028),
    Sample("RLE", 1322),
    Sample("JPEG baseline", 1080, 8, 4),
    Sample("JPEG lossless", 1086),
    Sample("JPEG-LS", 1120),
    Sample("JPEG 2000", 1144),
    Sample("High-Throughput JPEG 2000", 1242),
)


def expected(sample: Sample) -> NDArray[np.int64]:
    """Return the pixel values [row, column] of a sample."""
    y, x = np.mgrid[0:16, 0:16]
    values: NDArray[np.int64] = (8 * y + 3 * x + (x * y) % 5) * (100 if sample.bits == 16 else 1)
    return values


def files() -> Iterator[tuple[Sample, bytes]]:
    """Yield every sample with its file."""
    data, start = zlib.decompress(base64.b85decode(_PACKED)), 0
    for sample in SAMPLES:
        yield sample, data[start : start + sample.size]
        start += sample.size


_PACKED = (
    "c-rlm2~<<ZzsDyFBrK8uVGoe7NPrl!+-%Ac1q1{nEDBPzK%pWcMTr(Q)>Ke|qDDZ)eM3d+f(R9XQb1G`T0v1kQ9*IRqJo49l)v{)aC!EfzW?"
    "j#dFTK4{Eu_)+&eShncwesGjl(8?g;?@-sI)y8Hk0~Spj%Z0<Tzr0YTH$SC}wZc%9{E4md0>ON6jl95$ORV)0oV76LPeC4@Q-_OJn578f>)I"
    "DEEPz(oXnK3^>6@HrwLg0OiAm(LYo0U7qB{102|8V6c2fEx9U#uc!j%Hjz`Y&ODUiCBnOG~UM$g!<|M=^PkyP#}#5dvR$*paDEXwSiw~(C2<"
    "3G>(`{1jheI%tT=N7h@)ZXlNY^g2Ko!dg)9}5E`>6B`KZ^Xdoa+6QqvUXkfwz_QYb5kS}11`5cZw#N&wBTp?F16bpqMp@0VT{<|knEMjv+e4"
    "bdqgE0t1Vy^n&@)0&i%%K5&cu!csq0!)dzbP@)vk|JEAqK$1xO72a(99rD-;kg{Z!T2H<0=`d`tM5s^R9$>U&4-;NU($(F9FcCnhb)%!P{wP"
    "Vj{2^xDtG)29baeqqTChD|C8v$$GA&1aiJU4Js1N7DBYv7%@kis(WmLE2&*Cfjq3AX=rLxMv-VDM20p4DpWWIPsT%KSijG(%c#q!&7{pFTB|"
    "~bsw>lLhxYQJBBhj3OpQ{Y!ZcT!tIQR;t|UCU8G4E`Fok1^j8jZRrYiGliwtUjCB<qVsTo?dGn7)~P-`;*W=!)4sFhfDS`ldoz1BcV>4Nrv*"
    ")CHi92EfD)1Xp7XV_NQh1sd2Xf$gytG1}ND6uTGF0?M77tnKT74`~ynS;y$m_<N^0>^Y(AyDbJ4YRATBSWRxk?oZ4M5A_E6<Q}jPh<27JB7X"
    "PM6yG>L%vg#vmLXKSvE-mwE}vBO}{M_YBGm?jAqASCp)HelAKlK(#DR4io%`@+g+g&<=n@VvrM5P;xuw25EV}yMS^1jRHB@vle}EKpd#Whc{"
    "DzaPZ3gt`xwK}SJ@;}mYmhb7IBn36)yrQ5m1Cl;ubM7xz<_E@^aB-x3PC|A`lw?3BN>;CPXHWO>UTy;~M7H#nOeN;<!p)HSz>nl!%hV1yJjE"
    "rMmli$Ryw+B2wwUfJnxFMkJP4{P&p@c*P^YJeW%8-<!F@<}&@rnEsHIk@<M}i|2Rt&R^hvAP@<rXFKBj7F?aEC*U}y<NVC1li4B>JVYW{bV_"
    "szOzKN?^ph@_YP(vj3(Eta+uwWT{^HfjpC0TZZ9QXI^26@YiXZF^4liNrO<9Pcl{$SEwmItnW9zXdufr9YNmzn=H3wIG?EWcl*;+FvzHILNo"
    "F@%e8MBb$r^R(st*UO*wse2HUiGC%((2L5pI)sc=-&waNB{9E!<gZpzR8($IGGXP&`^TZQ?7??zZ8&Hu#RYpCMPzBWFA`B+>)YsE;jLT=+a{"
    "Hbgz^L9vzBIo3z)3rtQ&$P*Owf##C{PZTa@dd3R<kstykxIq|aS`8K@U>d-6xrAza4LcbDX%4!Ccql*2fF-IL1PU$;-Yv-y?@bG1Nyw9R1+w"
    "!daDwd6WaV9gj?<dPfl6z{rPs>QEsJqgl<KgY+)>il0*DCvtL^bPsYQ=8Yedb`<9nzi~5etuXFG?FsFW<lKG<(VVe{2lCTEDi-;<nFbtk1Vc"
    "B$u|Qbc{@{$+sAa`FUix=H^Q`4VHsm`mcHQZAZV~XnAf=nbd1xTAhnVX~OkOk0=gTTdpTWCd7F3?;W-~7I|?Hmp_9c_)KSh{cgwPG2!c`tfs"
    "7|JsqkJnSGenmihjhLkh{0yz2IP>z5oBdk0(1=XFOG_#D0BIPjptG->AUz!%;ASN2C%Q0A;U@AKlo#eq(F#0n+LI5%NS%TV)!B=T{x+lK3pZ"
    "w-{>&tqJE{M`imO(EI+X?rA>e)jP7?pPnY*@ExCx9k^6RcaOE?1-xV@_p@WZ@a)Y@40M^LFC4TGc05IlHg>9vH0qqGUjpfHD@m-o6W7<;d0s"
    "eyP1df?@}_2hF1QVNG*`{F7F*(D&D;OTJG+Mp*e0>S-oz{0wPx)Tk~51v1ab7aNpOO;M1;z#s9P``51O3aMn?nUZbE3|8{k#%W~|S)u4V|eT"
    "n&dtBeGf5)Q9HAZlsr=<1Qk`Xn4)lb}V^)}27oBkLO)Q81cBR2$U=dMFvy2ZpE-YJ%0$(M9zD3Drj_0M=idV{}O<8KZB28WD_5OwBE*mR2Na"
    "%#dPaY+^QErO}B76eANeC|aUcSQ_0HwZj;hpk}BAutcp<I<Q6UQMmI!EnZuV*X&@;5p}{*t*mJ%9cyPl5p}>gIipN4iDXTq+t}JqbYM6-F(<"
    "KH*f>~oKp9v^XC}(RyKuM&4+9$<QD-m-bwN3Rhw@P&j^X4y31wl}9F&Je1VU5{CS#phE+`wrK~O#hwoJxOadjiH*c>ho;R{9L$x~e2JtQQ+j"
    "L0bIBqGr{6+L9vgnSaMMA8yHmP0+}+MY0+X<CMnASeT+0y2t6he03Og|?BRE2y$|*Zg5=nQ2NJQ>h{;T=C8MQKnr*DI!&MMgWDhuX)%`Dlck"
    "#XP#6m?MeZ=nAHKDX~Y6XMHr^54Q)iLK?z!j7JwX7fyziAqMDM{i4^pQRgh)PY#2*tVG=S{q3|WQ=SSJ~m60S#1r7aFU)ekJr09MHd7o=@RG"
    "-|mNYogi!YE{D0vZLRs23^%Oq7PgScap@OyzANr7EI?lGFlYk$dU3?TVm1DM>@d8gjx&UAm$;W%U!vJM*v6J6+%-NdK?9B|ah$ixD0haz`YF"
    "u;9Qt1Q1Us<_iDGZV6%W+5bjX{?n-cQ&>rS&r0HZRucXqD>ES<(RQ>8kY`Nyn-0xDn?T)m8+bxf>ZCqn)d`PNpEdA!h(Zlb&G8J82s1%blc)"
    "nxsZOw@tD~)}uAsF*hX?~DV=(#vZ2;ELxW>56_f#IItmZgoVTW=u^ohekPa4n-R98VA;Po{O=$xsVhQToeo5d9Fx10A9ZKs{8GYV<#x8ubwS"
    ")-*5;c907hI<HKpyrdOm-loZU%wflVY6n3N6d-*A};>R`3VaWQ)Nq+eVw*^MS8~Cb?Y;;vUBtDw`|>3uzkmYgN26<A1OLoTza~!{D(6YXDjQ"
    "^HJrb2vGLO7tJm7D-?-V{ajX0OgPw<v9zW@QI`DE(HT2u7;gM1F79gtc#{-P*?f2+wuZl%M*5^n1_0mp8_XqX0b2c9ueBJdRdo;Zk1*cOQB)"
    "3v8_HPtHF}$y{YW0JgD6pgss7|6C|B>AIn_pQ7OUVAT$NG5pSR3DPqXC!$_0x>|V4J0-4WDQD!aoOe$m0(`bUgl$002K8MwtEv4X6HaYND-T"
    "?AYq$e3o>`Fyy@V*L2l^#E7C3J#%oqUY(7NqM$>DskXFk_x!--ob<JEq{Elns+isGJDo%NPG^iJ9rrK&#Yp)^%@_?9a=ChjZwAhu+H-1N9M#"
    "1>dyv+>oEg5IpxtOaW8$Ig?B|}nUTvp>=Qh6eY%KZ1z_%V@0Hx)uCQ;Cb9$^3<#`D&rk#gL=&ZXGuM$tTfqeoNgO9@xAj>aCSQjP}mnPK5e-"
    "g@@_^H3#kZp82p9{-nLz-rw7%ZQU)J(Jw?%ath#v;%yi$A|O~eWJ%lOplT`^mqbjp;Eu;)75K34G^+AYm+tAn-Hct!yZKSs)2o9y`zbGD=`c"
    "vU{DlJuqTEBB=6q90F>5*Up^biC{*ppy*k6k_vi%LLDh;zYWk+dzwmkO*GyxZL$1f>_+_$tH`-h*RMGcd;aa6OuV2l)usq0yK9)-LJa5L$t#"
    "2$iZ}f$Id=@*~He(i5``EP0198ly%2StnFGPHAdER-weoRFZjUG^tpSxzJ-zCS1c7@73gK5)!vviz^erc?S?Ug5o+A2-BJ$2zW_oH-H9$39G"
    "tHsY_T|??GO9FrY&2UGm!KOO}M>_p?VGrN)uaCTIWc;+kenVZ*qT;+qf@B@}T@fz!-kA-z<@{&A%I=8H_4xSqQf=cD8}$!xrxQmkY<eQHb2k"
    "q#HRLCaZp=HerT&N6+l$L)&!`Juc7=0RsP*_+`-HkPL96G>Z|{uzeW;JuU_0s5%tg*N><-F>`V%(K7SCAdlv>RXyq4H5w3T)W7OhN1em)(0Q"
    "<PrmP0S+G@5f~+@0)w#>kQ~|jEvlrPrH*p@<sfKFCQ^q8r6IWLW6<hcoX?;ewY4O$B-}>Gz92^@lPN4*?~c$070V2%v7Rrz#d>cm&C`&;^Sz"
    "s%V|L=@yRo!-afQt@k>${e3eY&!dXI4CD0zX^cftRcW*ea#lU&K@up3yD5<S^GrNeqE?P^#+1MDpd5tbk(>{}FE=^o^;PE=!D-#Z7TM+W_Pp"
    "401q~&dFSWGyvbjL{V>YyLm0&^m%?!EW+O_f;iB`%t?H?1)DY)wtxIyPV1bNjAm`)obvo<&7dT9sW%o*n6je_8y>dck*hi*K*4wcdf?e)CaS"
    "Z?CYh7;wD#6!HE2tF6;^d0x|K&AGFvEO>e#KDqVl#f_sepAji{E1zG#WLvbYrfG7Ab5Z2E8Xd+@%F5qYEPQnQ+HaEja`KTNx1%W**|VL(iXT"
    "e}g568REwwwFS}EZ!%@JoX)4V$!X8S!TpM`#7|D)_yO2UB>pUK}}kKYt`I3aG?Dw%7gfUtg`C(vT&N#l&~-Q<r}Z%_30&Oecrrm7EZO4)c!_"
    "nY#Bb$17*Ok^%A+TC<}mQNUA*0u)2&5@_Q6Ze(<`rW3FlRIVq0`8dpDR;Q+PydL2%;aHU-;qc17s(@qzp&b>_Beyo@oM1l5;cPiX_?9oQf6i"
    "*<dF%$yn&D}ZFc+;8k|)Di^qCTpi(t~YQe<qH#G<{0BV7uM12@2?hfJB%Rv4J9yZqjSgZv`QlJqAFw$KL#Sz93W=$E`1uhzZ4VVjMfZ)7k6r"
    ">}tmvJY+BujvCqjuZ6?x$y)+_VbquReWl{+)UFYcPKrTX9ANw6i<9if%F<J>CCnRmvc1kEPB$pey+zgXSX!Evzs5hJcaH>wX;NrQAC!aR`_b"
    "6;<1yX_pWMn0FF@AMIRg#`c)5R1LHa_CHJ=YQ1-G;mtc$RkCNT*Iu-i`_~zax{t=HE?s=!`QqSLIX`>uJZW+8L`{^+%{5_g>F)|$?h2*!n*4"
    "C_o@oeK(dY%(VHo+I>gwlrPq@01g4~Zk-{Z#Vzy9n-?}f%Q4w^NURl_~Y`z|%T=-&Jo9=%hW2*D%Loh;R}da?TnqR_g0>C|UfKW*RrvX{kHe"
    ")z;~v1Ek}oblP1;r^IyE}u`4yIWaTjf}ip5bnNgu)As7$+;u_56^9Lv96I1!-CLy?@0TWlXv7}%a?5!0gmF*nM3DgIyJ~>Cir?Q9mr;3KKNq"
    "$FFU_7xB"
)
